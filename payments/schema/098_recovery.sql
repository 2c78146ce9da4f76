-- What a loan that was given up lost, and what came back since.
alter table loans
	add column lost bigint not null default 0 check (lost >= 0),
	add column recovered bigint not null default 0 check (recovered between 0 and lost);
comment on column loans.lost is 'what she owed when it was given up';
-- Of loans given up before, the charges that were lost with the principal are not known here.
update loans l set lost = greatest(l.principal - l.principal_paid, x.back), recovered = x.back
from (select l.cooperative_id, l.loan_id, coalesce(sum((e.body->>'amount')::bigint), 0) as back
	from loans l left join loan_events e on e.cooperative_id = l.cooperative_id and e.loan_id = l.loan_id
		and e.kind = 'recover'
	where l.state = 'written_off' group by l.cooperative_id, l.loan_id) x
where x.cooperative_id = l.cooperative_id and x.loan_id = l.loan_id;

-- Beside loan_set, which guards the version.
create function effect_loan_lost(p_coop integer, p_bodies jsonb)
returns void language sql as $$
	update loans l set lost = b.lost, recovered = b.recovered
	from jsonb_to_recordset(p_bodies) as b(loan_id uuid, lost bigint, recovered bigint)
	where l.cooperative_id = p_coop and l.loan_id = b.loan_id;
$$;

alter function book_faults() rename to book_faults_before_recoveries;
create function book_faults() returns table (cooperative_id integer, invariant text, detail text)
language sql stable as $$
	select * from book_faults_before_recoveries()
	union all
	select c.cooperative_id, 'what came back of loans given up is in the books',
		format('loans say %s, the ledger says %s', l.back, x.booked)
	from cooperatives c
		cross join lateral (select coalesce(sum(l.recovered), 0) as back from loans l
			where l.cooperative_id = c.cooperative_id and l.state = 'written_off') l
		cross join lateral (select coalesce(sum(-x.balance), 0) as booked from accounts x
			where x.cooperative_id = c.cooperative_id and x.kind = 14) x
	where l.back <> x.booked
$$;
grant execute on function book_faults() to adit_gateway;
alter function book_faults() set jit = off;
