-- One prompt on a handset at a time, whatever it is for: a second one while the first waits
-- for a PIN is refused by networks, or answered for the wrong thing.  A prompt waits five
-- minutes at most; an older pull, still unknown, stands in nobody's way.
create index payments_open_pulls on payments (msisdn)
	where direction = 'in' and state not in ('paid', 'failed');

create function effect_one_prompt(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
begin
	if exists (select 1 from payments p join jsonb_to_recordset(p_bodies) as b(payment_id uuid, msisdn text,
			at_ms bigint) on p.msisdn = b.msisdn and p.payment_id <> b.payment_id
			where p.direction = 'in' and p.state not in ('paid', 'failed')
			and p.created_ms > b.at_ms - 300000)
		or (select count(distinct b.msisdn) from jsonb_to_recordset(p_bodies) as b(msisdn text))
			< jsonb_array_length(p_bodies) then
		raise exception 'a prompt is on that handset' using errcode = 'AD001';
	end if;
end $$;
