/*
 * smpp_status - what a command_status means for us.
 *
 * Pure: one table.
 */
#ifndef GATEWAY_CHANNEL_SMPP_STATUS_H
#define GATEWAY_CHANNEL_SMPP_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#define SMPP_OK               UINT32_C(0x00)
#define SMPP_INVALID_COMMAND  UINT32_C(0x03)
#define SMPP_WRONG_BIND_STATE UINT32_C(0x04)
#define SMPP_SYSTEM_ERROR     UINT32_C(0x08)
#define SMPP_QUEUE_FULL       UINT32_C(0x14)
#define SMPP_THROTTLED        UINT32_C(0x58)
#define SMPP_TEMPORARY        UINT32_C(0x64) /* ESME_RX_T_APPN: bring it again */

enum smpp_meaning {
	SMPP_MEANS_OK,
	SMPP_MEANS_SLOWER, /* the whole bind pauses, the same message goes again */
	SMPP_MEANS_FULL,   /* the same, for longer                               */
	SMPP_MEANS_LATER,  /* not now: the outbox tries again                    */
	SMPP_MEANS_NEVER,  /* final for this message                             */
};

/* Of a status that answers a message.  Unknown ones mean later. */
enum smpp_meaning smpp_status_meaning(uint32_t status);
/* Of one that means later: it was said of this message, and the bind is well. */
bool smpp_status_of_message(uint32_t status);
/* Of a status that answers a bind: trying again soon would not help, and may lock us out;
 * a person has to look. */
bool smpp_status_stops_bind(uint32_t status);
const char *smpp_status_name(uint32_t status); /* "throttled"; "status" if unknown */

#endif
