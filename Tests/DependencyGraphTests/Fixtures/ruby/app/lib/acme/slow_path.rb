require_relative "./support/loud"
class String
  def loud = Acme::Support::Loud
end
