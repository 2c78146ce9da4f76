-- A batch of operations touches a few rows by their keys, but the planner takes a list in JSON for a hundred rows: while
-- there are some thousands of loans it would rather read them all, 10 ms for each approval.

alter function settle_batch set enable_seqscan = off;
alter function settle_batch set enable_hashjoin = off;
alter function settle_batch set enable_mergejoin = off;
