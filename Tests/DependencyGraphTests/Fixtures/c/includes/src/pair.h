int only_by_name(void);
