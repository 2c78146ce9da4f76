-- Questions about an account of ours whose answer the provider posts: asked by one process, told to any gateway.
-- Written before it is asked, so an answer that comes at once finds it.

-- Of no cooperative, as the account is all theirs: hence 0.
create table provider_questions (
	cooperative_id integer not null default 0,
	question_id uuid not null,
	provider text not null check (provider <> ''),
	asked_ms bigint not null,
	answer text not null default '',
	answered_ms bigint,
	primary key (cooperative_id, question_id)
);
create index provider_questions_by_time on provider_questions (cooperative_id, asked_ms);
grant select on provider_questions to adit_gateway;

-- Forgets those of yesterday.
create function provider_question_new(p_question uuid, p_provider text, p_now bigint)
returns void language sql security definer set search_path = pg_catalog, public as $$
	delete from provider_questions where cooperative_id = 0 and asked_ms < p_now - 86400000;
	insert into provider_questions (question_id, provider, asked_ms)
	values (p_question, p_provider, p_now);
$$;

-- The first answer stands.  False: nobody asked, or it was answered.
create function provider_question_answer(p_question uuid, p_provider text, p_answer text, p_now bigint)
returns boolean language plpgsql security definer set search_path = pg_catalog, public as $$
begin
	update provider_questions set answer = p_answer, answered_ms = p_now
	where cooperative_id = 0 and question_id = p_question and provider = p_provider and answered_ms is null;
	return found;
end $$;

revoke all on function provider_question_new, provider_question_answer from public;
grant execute on function provider_question_new, provider_question_answer to adit_gateway;
