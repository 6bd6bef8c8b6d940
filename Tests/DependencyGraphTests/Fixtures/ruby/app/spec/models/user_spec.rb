require "spec_helper"
RSpec.describe User do
  it "is" do
    expect(Acme::Config::Options).to be
  end
end
