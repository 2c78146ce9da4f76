-- The ten thousandth member had no number: it was cut to four digits, which somebody has.
create or replace function member_activate(p_coop integer, p_member uuid, p_now bigint)
returns boolean language plpgsql as $$
declare
	next bigint;
begin
	perform 1 from members where cooperative_id = p_coop and member_id = p_member
		and state = 'pending' for update;
	if not found then
		return false;
	end if;
	insert into member_counters values (p_coop, 1)
	on conflict (cooperative_id) do update set last = member_counters.last + 1
	returning last into next;
	update members set state = 'active',
		number = 'M-' || lpad(next::text, greatest(4, length(next::text)), '0'),
		pin_tries = 0, joined_ms = p_now
	where cooperative_id = p_coop and member_id = p_member;
	return true;
end $$;
