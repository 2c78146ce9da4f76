/*
 * settings - everything that can be set, read from one libconfig file through one table.
 *
 * The table in settings_table.c gives each key its type, place, bounds, default and help;
 * it parses, checks, prints the effective settings and makes config/adit.conf.  Unknown
 * keys are faults.  Secrets stand in files of their own, named by keys ending in _file
 * (relative to the config file), which neither group nor others may read, or come from
 * systemd: "credential:NAME".
 *
 * Units: _ms are milliseconds (written "8s", "250ms", "15min", "24h" in the file).
 * The result is handed down as a const pointer; a reload changes reloadable values in
 * place, so nobody keeps copies of those.
 */
#ifndef CONFIG_SETTINGS_H
#define CONFIG_SETTINGS_H

#include "lib/err.h"
#include "lib/log.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define SETTINGS_NETWORKS_MAX  32
#define SETTINGS_PROVIDERS_MAX 8
#define SETTINGS_SMPP_MAX      8
#define SETTINGS_SMPP_BINDS    8
#define SETTINGS_CARRIERS_MAX  8
#define SETTINGS_USSD_HTTP_MAX 16
#define SETTINGS_XMLTCP_MAX    4
#define SETTINGS_ADDRESS_MAX   48
#define SETTINGS_SECRET_MAX    128
#define SETTINGS_PEPPER        32
#define SETTINGS_PATH_MAX      256
#define SETTINGS_PEER_MAX      200

struct settings_network { /* "10.0.0.0/8"; IPv4 is kept as ::ffff:a.b.c.d */
	uint8_t address[16];
	uint8_t bits; /* 0..128, of the 16 bytes */
};

struct settings_networks {
	unsigned count;
	struct settings_network at[SETTINGS_NETWORKS_MAX];
};

/* Is the peer's address ("127.0.0.1", "::1") inside one of them? */
bool settings_allow(const struct settings_networks *n, const char *peer);
/* Who really called: the peer, or, if that is one of our proxies, the last address of
 * X-Forwarded-For (may be NULL) that is none of them.  What stands before that anybody
 * may have written.  "" if the header cannot be read. */
void settings_peer(const struct settings_networks *proxies, const char *peer,
                   const char *forwarded, char out[SETTINGS_ADDRESS_MAX]);

struct settings_product { /* credentials of one product of a provider */
	char user[80];
	char key[SETTINGS_SECRET_MAX];
	char subscription_key[SETTINGS_SECRET_MAX];
};

struct settings_provider {
	char name[16];  /* "mtn-ug": the name the payments carry */
	char codec[16]; /* "mtn": whose wire it speaks; "": that of its name */
	char base_url[160];
	char target_environment[32];
	char currency[4];
	int64_t scale;            /* decimals the provider wants for that currency     */
	int64_t collection_scale; /* the same of what is collected; -1: as scale */
	char callback_url[200];   /* prefix; the reference is appended */
	struct settings_product collection;
	struct settings_product disbursement;
	char numbers[400]; /* prefixes of the numbers it pays, "25568 25569"; E.164 digits
	                    */
	/* of some providers only */
	char country[4];
	int64_t version;
	char wallet_pin[32], public_key[1100], callback_key[80];
	char party[24], passkey[100], initiator[40], origin[120], market[24];
	char payout_call[12];
	char kind[8], till[24], store[24];
	char callback_certificate[SETTINGS_PEER_MAX];
	char public_key_id[64], signing_key[700], signing_key_id[64];
	int64_t concurrency; /* calls at the same time                            */
	int64_t deadline_ms; /* of one call                                       */
	int64_t per_second;  /* calls; 0: as many as there are                    */
	int64_t float_ms;    /* its balance is believed so long; 0: never asked   */
	int64_t name_above;  /* units of the currency; 0: names are never asked   */
	int64_t batch_max;   /* payouts that go as one batch there; 0: each alone */
};

struct settings_smpp { /* an operator's SMSC; config/settings_smpp.c says what each is */
	char name[16];
	char host[128], ca_file[160];
	int64_t port;
	bool tls;
	char system_id[33], password[33], system_type[33];
	int64_t version, binds, window, per_second;
	int64_t response_ms, enquire_ms, bind_ms, hold_ms, join_ms;
	char mode[16];
	char source[22];
	int64_t source_ton, source_npi, dest_ton, dest_npi, range_ton, range_npi;
	char range[41], service_type[6];
	bool receipts, latin1, ussd_packed;
	char receipt_id[16], data_coding_0[8], data_coding_1[8], ucs2[8], nation[8];
	char long_style[8];
	int64_t parts_max;
	char ussd[16], push[21], service_code[24];
	char ussd_session[12], ussd_code[12], ussd_end_bit[8], ussd_service_type[6];
	int64_t ussd_ask, ussd_end, ussd_release;
	int64_t push_ms;
	char numbers[400];
	char outbind[64], outbind_system_id[33], outbind_password[33];
	struct settings_networks outbind_networks;
};

struct settings_xmltcp { /* config/settings_xmltcp.c says what each is */
	char name[16];
	char host[128], ca_file[160];
	int64_t port;
	bool tls;
	char user[64], password[64], application[32], country[4], goodbye[80];
	char service_code[24];
	int64_t connect_ms, enquire_ms, response_ms, repeat_ms;
};

struct settings_carrier { /* of SMS; config/settings_carriers.c says what each is */
	char name[16], kind[12];
	char numbers[400];
	int64_t cost;
	char url[400], method[8], content_type[64], body[800];
	char authorization[200], expects[48], id_field[32];
	char user[64], secret[SETTINGS_SECRET_MAX], sender[20];
	int64_t deadline_ms;
	char in_secret[64], report_url[160];
	char certificate[SETTINGS_PEER_MAX];
	struct settings_networks networks;
};

struct settings_ussd_http { /* config/settings_ussd_http.c says what each is */
	char name[16], dialect[16];
	struct settings_networks networks;
	char secret[64], certificate[SETTINGS_PEER_MAX], auth[8], user[64];
	char password[SETTINGS_SECRET_MAX], key[1100], signature[48];
	char country[4], service_code[24];
	int64_t repeat_ms;
	char method[24], body[8], path[80];
	char session[80], msisdn[80], code[80], input[80], network[80], hop_id[80],
	    kind[80];
	char begin[80], go_on[80], end[80], abort[80], timeout[80], abort_if[80];
	char starts[12], typed[8];
	char type[64], reply[800], reply_end[400], reply_over[400];
	char more[32], stop[32], header[200], newline[16], forbidden[16];
	char user_field[40], password_field[40];
	char send_url[160], expects[48];
};

struct settings {
	struct {
		int64_t level; /* enum log_level */
		bool json;
	} log;

	struct {
		char listen[64];
		char public_url[160]; /* how the world reaches us, no '/' at the end */
		int64_t idle_ms;
		int64_t answer_ms;
		int64_t connections;
		int64_t drain_ms; /* SIGTERM to exit, at most                    */
		struct settings_networks proxies;   /* whose X-Forwarded-For is true */
		struct settings_networks operators; /* may read /metrics and /admin */
	} http;

	struct {                 /* a second listener, with TLS */
		char listen[64]; /* "": none */
		char certificate[SETTINGS_PATH_MAX], key[SETTINGS_PATH_MAX];
		char client_ca[SETTINGS_PATH_MAX]; /* "": nobody is asked */
		char clients[12];                  /* "asked" or "required" */
		int64_t handshake_ms;
	} https;

	struct {
		char conninfo[256]; /* "" = the PG* environment                     */
		char role[32];      /* "" = none                                    */
		int64_t connections;
		int64_t in_flight;
		int64_t connect_ms;
		int64_t statement_ms;
	} pg;

	struct {
		char address[160];
		int64_t watchdog_ms;
	} redis;

	struct {
		int64_t batch_max;
		int64_t queue_max;
		int64_t cache_accounts;
		int64_t lease_ms;
		int64_t deadline_ms;
	} settle;

	struct {
		int64_t ttl_ms;        /* how long a silent session can be resumed     */
		int64_t hop_ms;        /* an answer goes out after this at the latest  */
		int64_t replay_ms;     /* how long a repeated hop gets the first reply */
		int64_t per_minute;    /* hops of one number                           */
		char menus_dir[160];   /* *.menu                                       */
		char locale_dir[160];  /* compiled *.mo                           */
		char language[4];      /* for who has not chosen yet               */
		char service_code[24]; /* "*384*77#", shown in SMS                 */
	} ussd;

	struct {
		char secret[SETTINGS_SECRET_MAX]; /* path segment; "" = none        */
		struct settings_networks networks;
		char certificate[SETTINGS_PEER_MAX];
		char api_url[160];
		char username[64];
		char api_key[SETTINGS_SECRET_MAX];
		char sender[16]; /* "" = the account's own */
		int64_t deadline_ms;
	} at;

	struct {
		char products[160]; /* file that products are imported from; "" = none */
	} loans;

	struct {
		int64_t poll_ms; /* how often the queue is looked at without a nudge */
		int64_t concurrency;
		int64_t per_second;
		int64_t attempts_max;
		char dead[12];      /* "failover" or "hold"                          */
		int64_t hold_ms;    /* in line, at most                              */
		int64_t failures;   /* in a row, until a carrier counts as down      */
		int64_t breaker_ms; /* until it is tried again                       */
		bool codes;         /* PAY by SMS may be confirmed by a one-time code */
		int64_t code_ms;    /* how long such a code is good                  */
	} sms;

	struct {
		int64_t poll_ms;          /* as sms.poll_ms, for payments            */
		int64_t collect_delay_ms; /* prompt on the phone after the session   */
		int64_t ladder_permille;  /* 1000 = the ladder as it is; 1 = 1/1000  */
		int64_t breaker_failures; /* in a row, until a provider counts as down */
		int64_t breaker_ms;       /* until it is tried again                 */
		int64_t service_ms;   /* between asking who serves; 0: nobody is asked */
		int64_t evening_hour; /* the day's run starts then, local time   */
	} payments;

	struct {
		uint8_t pepper[SETTINGS_PEPPER];
		int64_t memory_bytes;
		int64_t passes;
		int64_t threads;
	} pin;

	unsigned provider_count;
	struct settings_provider providers[SETTINGS_PROVIDERS_MAX];

	unsigned smpp_count;
	struct settings_smpp smpp[SETTINGS_SMPP_MAX];

	unsigned ussd_http_count;
	struct settings_ussd_http ussd_http[SETTINGS_USSD_HTTP_MAX];

	unsigned xmltcp_count;
	struct settings_xmltcp xmltcp[SETTINGS_XMLTCP_MAX];

	unsigned carrier_count;
	struct settings_carrier carriers[SETTINGS_CARRIERS_MAX];

	struct {
		struct settings_networks networks;   /* who may call /callback/... */
		char secret[SETTINGS_SECRET_MAX];    /* path segment after the provider's
		                                        name; "" = none              */
		char certificate[SETTINGS_PEER_MAX]; /* of providers without a rule of
		                                        their own */
	} callback;
};

#define SETTINGS_FAULTS_MAX 16

struct settings_faults {
	unsigned count; /* may exceed the array: then the rest was dropped */
	struct diag at[SETTINGS_FAULTS_MAX];
};

/* Defaults only: no file, no secrets. */
void settings_defaults(struct settings *out);
/* Reads the file, or only checks it when `out` is thrown away.  0, or -1 with at least
 * one fault; *out is then unusable. */
int settings_load(const char *path, struct settings *out,
                  struct settings_faults *faults) MUST_CHECK;
void settings_print_faults(FILE *to, const struct settings_faults *faults);
/* Copies the reloadable values of `fresh` into `live`.  Calls changed(arg, key, now) for
 * each key that differs; now is false where only a restart applies it. */
typedef void settings_changed(void *arg, const char *key, bool now);
void settings_reload(struct settings *live, const struct settings *fresh,
                     settings_changed *changed, void *arg);
/* The effective settings in the file's own syntax; secrets as the fact that they are set.
 */
void settings_print(FILE *to, const struct settings *s);
/* config/adit.conf: every key with its help, bounds and default. */
void settings_print_manual(FILE *to);
/* The rule for the certificate that calls in the name of this provider. */
const char *settings_callback_certificate(const struct settings *s, const char *provider);
/* NULL if unknown. */
const struct settings_provider *settings_provider(const struct settings *s,
                                                  const char *name);

#endif
