-- The statements of ledger_apply find rows by their keys, whatever the sizes of the tables were when a session first
-- planned them: planned once, by index.  Planning them for each batch cost as much as carrying out a small one.
alter function ledger_apply
	set plan_cache_mode = force_generic_plan
	set enable_seqscan = off
	set enable_hashjoin = off
	set enable_mergejoin = off
	set jit = off;
