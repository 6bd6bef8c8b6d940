int only_by_name(void) { return 1; }
