/*
 * group_bed - a story_bed with three members, the shipped group product for three to
 * four, and the calls about groups made to block.
 *
 * The latest answers stand in group, list, savings; group_id is the group opened last.
 */
#ifndef TESTS_INTEGRATION_GROUP_BED_H
#define TESTS_INTEGRATION_GROUP_BED_H

#include "payments/flow/groups.h"
#include "payments/flow/savings.h"
#include "tests/integration/story_bed.h"

#define THREE 3

extern struct uuid group_id;
extern struct group_view group;
extern struct group_list list;
extern struct savings_view savings;
extern struct who one[THREE];
extern const char *const numbers[THREE];
extern const char *const pins[THREE];

void on_group(void *arg, const struct payments_answer *a, const struct group_view *v);
void on_list(void *arg, const struct payments_answer *a, const struct group_list *v);
int open_with_three(void **state);
void open_group(const struct who *who, const char *name, unsigned terms, struct uuid key);
void add(const char *member, int64_t amount);
void agree(int i, struct uuid key);
void decide_group(const struct who *who, const char *pin, bool approve, struct uuid key);
void look_at(const struct who *who);
void save(int i, int64_t amount);
void take(int i, int64_t amount, struct uuid key);
int64_t saved(int i);
int64_t messages(const char *template);
/* 50,000 each for four weeks: 4 % in all, 52,000 back.  Formed and agreed to. */
void form(const char *name);
/* The same, saved for, decided and paid out. */
void lend_to_all(const char *name);
/* A pull from one of them for all, and how it ended. */
void pay_for_all(int i, int64_t amount, enum pay_state to);

#endif
