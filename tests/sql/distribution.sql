-- The schema can be spread over machines by cooperative: every key says whose it is, and logic stands in functions.
begin;
select plan(5);

-- copied whole to every machine, not spread
create temporary table everywhere (name text primary key);
insert into everywhere values ('currencies'), ('cooperatives'), ('account_kinds'), ('writer_lease'), ('schema_migrations'),
	('minerals'), ('standards'), ('country_levies'), ('wallet_limits'),
	('provider_pauses'), ('provider_pause_log'), ('provider_tariffs'), ('prompt_limits');

create temporary view keys as
	select c.relname::text as tbl, i.relname::text as idx,
		exists (select from pg_attribute a where a.attrelid = x.indrelid and a.attnum = any(x.indkey)
			and a.attname = 'cooperative_id') as spread
	from pg_index x join pg_class c on c.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
	where c.relnamespace = 'public'::regnamespace and (x.indisunique or x.indisexclusion)
		and c.relname::text not in (select name from everywhere);

select is_empty('select tbl, idx from keys where not spread'::text, 'every unique index holds cooperative_id');
select is_empty($$
	select c.relname::text from pg_class c
	where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
		and c.relname::text not in (select name from everywhere)
		and not exists (select from pg_index x where x.indrelid = c.oid and x.indisprimary)
	$$::text, 'every table has a primary key');
select is_empty($$
	select f.conrelid::regclass::text, f.conname::text from pg_constraint f
	where f.contype = 'f' and f.connamespace = 'public'::regnamespace
		and f.confrelid::regclass::text not in (select name from everywhere)
		and not exists (select from unnest(f.conkey) k join pg_attribute a on a.attrelid = f.conrelid
			and a.attnum = k where a.attname = 'cooperative_id')
	$$::text, 'every foreign key is within a cooperative');
select is_empty($$
	select t.tgname::text from pg_trigger t join pg_class c on c.oid = t.tgrelid
	where c.relnamespace = 'public'::regnamespace and not t.tgisinternal
	$$::text, 'no triggers');
select is_empty($$
	select p.proname::text from pg_proc p
	where p.pronamespace = 'public'::regnamespace and p.proname ~ '^effect_'
		and (p.pronargs <> 2 or p.proargtypes[0] <> 'integer'::regtype or p.proargnames[1] <> 'p_coop')
	$$::text, 'every effect takes its cooperative first');
select * from finish();
rollback;
