module ActiveRecord
  module Acts
    module Tree
      def tree; end
    end
  end
end
