# frozen_string_literal: true
module Acme
  class Builder
    include Support::Loud
    class << self
      def build(client: HTTPClient.new, *rest)
        value = rest.size / 2; puts "#{Config::Reader.new} / it's"
        fail Denied if value =~ /Never/ && client.Never
        { Never: 1, :Never => 2, "Never" => Kernel::Integer("1") }
      end
    end

    def split(x) = x.split /Never's/

    def check
      if defined?(::Never::Deep)
        Config::MISSING
      end
    rescue Acme::Error, NotFound => e
      Never if false
    end
  end
end
