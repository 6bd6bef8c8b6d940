#include "CVersion.h"

// Package.swift defines it from the environment variable ORCHESTRATE_COMMIT.
#ifndef ORCHESTRATE_COMMIT
#define ORCHESTRATE_COMMIT ""
#endif

const char *orchestrate_commit(void) { return ORCHESTRATE_COMMIT; }
