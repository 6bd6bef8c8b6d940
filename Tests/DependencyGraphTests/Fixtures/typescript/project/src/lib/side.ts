(globalThis as any).side = 1;
