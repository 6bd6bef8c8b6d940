use super::parts;
