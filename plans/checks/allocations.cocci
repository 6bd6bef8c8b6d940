// Allocations whose type and size are written once.

@@ type T; @@
- (T *) palloc(sizeof(T))
+ palloc_object(T)

@@ type T; @@
- (T *) palloc0(sizeof(T))
+ palloc0_object(T)

@@ type T; expression N; @@
- (T *) palloc(N * sizeof(T))
+ palloc_array(T, N)

@@ type T; expression N; @@
- (T *) palloc(sizeof(T) * N)
+ palloc_array(T, N)

@@ type T; expression N; @@
- (T *) palloc0(N * sizeof(T))
+ palloc0_array(T, N)

@@ type T; expression N; @@
- (T *) palloc0(sizeof(T) * N)
+ palloc0_array(T, N)

@@ type T; @@
- (T *) pg_malloc(sizeof(T))
+ pg_malloc_object(T)

@@ type T; @@
- (T *) pg_malloc0(sizeof(T))
+ pg_malloc0_object(T)

@@ type T; expression N; @@
- (T *) pg_malloc(N * sizeof(T))
+ pg_malloc_array(T, N)

@@ type T; expression N; @@
- (T *) pg_malloc(sizeof(T) * N)
+ pg_malloc_array(T, N)

@@ type T; expression P, N; @@
- (T *) repalloc(P, N * sizeof(T))
+ repalloc_array(P, T, N)

@@ type T; expression P, N; @@
- (T *) repalloc(P, sizeof(T) * N)
+ repalloc_array(P, T, N)
