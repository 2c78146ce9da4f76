#include "payments/core/topic.h"

#include <string.h>

static const char *const NAMES[TOPICS] = { "", "loan", "group" };

const char *
topic_name(enum topic topic)
{
	return NAMES[topic];
}

enum topic
topic_by_name(const char *name)
{
	for (int t = TOPIC_LOAN; t < TOPICS; t++)
		if (strcmp(NAMES[t], name) == 0)
			return (enum topic)t;
	return TOPIC_NONE;
}
