-- Who decided what.  Rows of one commit form a batch; batches are chained by hash.

create table audit_heads (
	cooperative_id integer primary key references cooperatives,
	batch bigint not null default 0,
	hash bytea not null default decode(repeat('00', 32), 'hex')
);

create table audit (
	cooperative_id integer not null references cooperatives,
	batch bigint not null,
	line integer not null,
	at_ms bigint not null,
	actor uuid,
	action text not null,
	subject uuid,
	detail text not null default '',
	primary key (cooperative_id, batch, line)
);
create index audit_by_subject on audit (cooperative_id, subject);

create table audit_batches (
	cooperative_id integer not null references cooperatives,
	batch bigint not null,
	previous_hash bytea not null,
	hash bytea not null,
	primary key (cooperative_id, batch)
);

create function audit_text(p_coop integer, p_batch bigint)
returns text language sql stable as $$
	select string_agg(concat_ws('|', line, at_ms, coalesce(actor::text, '-'), action,
		coalesce(subject::text, '-'), detail), E'\n' order by line)
	from audit where cooperative_id = p_coop and batch = p_batch;
$$;

create function effect_audit_new(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
declare
	head audit_heads;
	mark bytea;
begin
	insert into audit_heads (cooperative_id) values (p_coop) on conflict do nothing;
	select * into strict head from audit_heads where cooperative_id = p_coop for update;
	insert into audit (cooperative_id, batch, line, at_ms, actor, action, subject, detail)
	select p_coop, head.batch + 1, b.line, (b.body->>'at_ms')::bigint,
		(b.body->>'actor')::uuid, b.body->>'action', (b.body->>'subject')::uuid,
		coalesce(b.body->>'detail', '')
	from jsonb_array_elements(p_bodies) with ordinality as b(body, line);
	mark := sha256(head.hash || convert_to(audit_text(p_coop, head.batch + 1), 'UTF8'));
	insert into audit_batches values (p_coop, head.batch + 1, head.hash, mark);
	update audit_heads set batch = head.batch + 1, hash = mark
	where cooperative_id = p_coop;
end $$;

create view audit_breaks as
with chain as (
	select a.*, lag(hash) over w as before_hash, lag(batch) over w as before_batch
	from audit_batches a window w as (partition by cooperative_id order by batch)
)
select cooperative_id, batch, 'a decision was altered' as what from chain
where hash is distinct from
	sha256(previous_hash || convert_to(audit_text(cooperative_id, batch), 'UTF8'))
union all
select cooperative_id, batch, 'not chained to the batch before' from chain
where batch <> coalesce(before_batch, 0) + 1
	or previous_hash <> coalesce(before_hash, decode(repeat('00', 32), 'hex'));

grant select on audit_heads, audit, audit_batches, audit_breaks to adit_gateway;
