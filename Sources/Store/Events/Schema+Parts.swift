extension Schema {
    /// `part_of` is the task that was split into this one and others.
    static let parts = """
        ALTER TABLE tasks ADD COLUMN part_of TEXT;
        CREATE INDEX tasks_part_of ON tasks (run, part_of) WHERE part_of IS NOT NULL;
        """
}
