/*
 * topic - which news an SMS is, so that a member may end one kind and keep the others.
 *
 * Only reminders and news have a topic.  What tells what was done with money, or asks an
 * officer for work, has none: STOP does not end it.
 *
 * Pure.  The names are those of the tables members and messages, and of the menu files
 * (`sms "LOAN" -> topic.loan`).
 */
#ifndef PAYMENTS_CORE_TOPIC_H
#define PAYMENTS_CORE_TOPIC_H

enum topic {
	TOPIC_NONE,  /* no news; where one is chosen: all of them */
	TOPIC_LOAN,  /* what is due soon                          */
	TOPIC_GROUP, /* a group asks her in                       */
	TOPICS
};

const char *topic_name(enum topic topic); /* "loan"; "" of TOPIC_NONE */
enum topic topic_by_name(const char *name);

#endif
