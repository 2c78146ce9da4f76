#include "payments/store/questions.h"

const struct pg_statement question_new = {
	"question_new", "select provider_question_new($1::uuid, $2::text, $3::bigint)"
};

const struct pg_statement question_answer = {
	"question_answer",
	"select provider_question_answer($1::uuid, $2::text, $3::text, $4::bigint)"
};

const struct pg_statement question_posted = {
	"question_posted",
	"select answer from provider_questions "
	"where cooperative_id = 0 and question_id = $1::uuid and answered_ms is not null"
};
