#include "config/settings_table.h"

#define PLACE(field)    SETTING_IN(struct settings, field)
#define PROVIDER(field) SETTING_IN(struct settings_provider, field)

#define DAY (MIN(60) * 24)

const struct setting settings_table[] = {
	{ "log.level", SET_LEVEL, PLACE(log.level), 0, 0, "info", NOW,
	  "the least important line that is written" },
	{ "log.json", SET_BOOL, PLACE(log.json), 0, 0, "false", NOW,
	  "one JSON object a line instead of key=value" },

	{ "http.listen", SET_TEXT, PLACE(http.listen), 0, 0, "127.0.0.1:8080", NEEDED,
	  "address and port that channels, providers and browsers reach" },
	{ "http.public_url", SET_URL, PLACE(http.public_url), 0, 0,
	  "http://127.0.0.1:8080", NOW,
	  "how the world reaches this gateway; stands in receipts and callbacks" },
	{ "http.idle", SET_MS, PLACE(http.idle_ms), S(1), MIN(10), "60s", RESTART,
	  "a connection that says nothing is closed after this" },
	{ "http.answer", SET_MS, PLACE(http.answer_ms), S(1), MIN(2), "15s", RESTART,
	  "a request nobody answered by then gets 503" },
	{ "http.connections", SET_INT, PLACE(http.connections), 1, 60000, "2000", RESTART,
	  "connections open at the same time, on each listener" },
	{ "http.drain", SET_MS, PLACE(http.drain_ms), S(1), MIN(5), "20s", NOW,
	  "time to finish what is under way after SIGTERM" },
	{ "http.proxies", SET_NETWORKS, PLACE(http.proxies), 0, 0, "", NOW,
	  "networks of our own proxies, whose X-Forwarded-For says who called" },
	{ "http.operators", SET_NETWORKS, PLACE(http.operators), 0, 0,
	  "127.0.0.0/8 ::1/128", NOW, "networks that may read /metrics" },

	{ "https.listen", SET_TEXT, PLACE(https.listen), 0, 0, "", RESTART,
	  "address and port of a second listener, with TLS; empty: none.  http.listen "
	  "then belongs on an address that only this machine reaches" },
	{ "https.certificate", SET_FILE, PLACE(https.certificate), 0, 0, "", NOW,
	  "file of our certificate and those between it and the root, PEM; SIGHUP reads "
	  "it again" },
	{ "https.key", SET_KEY_FILE, PLACE(https.key), 0, 0, "", NOW,
	  "file of its key, PEM without a passphrase, which only its owner can read" },
	{ "https.client_ca", SET_FILE, PLACE(https.client_ca), 0, 0, "", NOW,
	  "file of those that sign our clients' certificates, PEM; empty: no client is "
	  "asked for one" },
	{ "https.clients", SET_WORD, PLACE(https.clients), 0, 0, "asked|required", NOW,
	  "asked: who shows no certificate comes in, and channels with a rule of their "
	  "own refuse it; required: nobody comes in without one" },
	{ "https.handshake", SET_MS, PLACE(https.handshake_ms), 100, MIN(1), "10s",
	  RESTART, "a connection that has not agreed on TLS by then is closed" },

	{ "pg.conninfo", SET_TEXT, PLACE(pg.conninfo), 0, 0, "", RESTART,
	  "PostgreSQL in libpq's form; empty means the PG* environment" },
	{ "pg.role", SET_TEXT, PLACE(pg.role), 0, 0, "adit_gateway", RESTART,
	  "role taken after connecting; it cannot change the books; empty for none" },
	{ "pg.connections", SET_INT, PLACE(pg.connections), 1, 16, "4", RESTART,
	  "connections for reading; the ledger writer has two more" },
	{ "pg.in_flight", SET_INT, PLACE(pg.in_flight), 1, 256, "64", RESTART,
	  "calls under way on one connection" },
	{ "pg.connect", SET_MS, PLACE(pg.connect_ms), 100, MIN(1), "3s", RESTART,
	  "deadline of one attempt to connect" },
	{ "pg.statement", SET_MS, PLACE(pg.statement_ms), 100, MIN(10), "10s", RESTART,
	  "the server ends a statement after this" },

	{ "redis.address", SET_TEXT, PLACE(redis.address), 0, 0, "127.0.0.1:6379", NEEDED,
	  "host:port, or unix:/path" },
	{ "redis.watchdog", SET_MS, PLACE(redis.watchdog_ms), 100, MIN(1), "1s", RESTART,
	  "silence after which the connection is made anew" },

	{ "settle.batch", SET_INT, PLACE(settle.batch_max), 1, 2000, "500", RESTART,
	  "operations in one commit of the ledger, at most" },
	{ "settle.queue", SET_INT, PLACE(settle.queue_max), 1, 1000000, "20000", RESTART,
	  "operations waiting, before new ones are told to come back" },
	{ "settle.accounts", SET_INT, PLACE(settle.cache_accounts), 16, 10000000,
	  "200000", RESTART, "account balances remembered" },
	{ "settle.lease", SET_MS, PLACE(settle.lease_ms), S(1), MIN(5), "10s", RESTART,
	  "how long the single writer's lease lasts unrenewed" },
	{ "settle.deadline", SET_MS, PLACE(settle.deadline_ms), 100, MIN(5), "20s", NOW,
	  "how long an operation waits for its commit" },

	{ "ussd.ttl", SET_MS, PLACE(ussd.ttl_ms), S(10), DAY, "10min", NOW,
	  "a session that fell silent can be taken up again this long" },
	{ "ussd.hop", SET_MS, PLACE(ussd.hop_ms), 200, S(60), "2s", NOW,
	  "the answer leaves by then; the rest comes by SMS" },
	{ "ussd.replay", SET_MS, PLACE(ussd.replay_ms), S(1), MIN(60), "3min", NOW,
	  "a repeated hop gets the first answer this long" },
	{ "ussd.per_minute", SET_INT, PLACE(ussd.per_minute), 1, 10000, "60", NOW,
	  "hops of one number in a minute" },
	{ "ussd.menus", SET_TEXT, PLACE(ussd.menus_dir), 0, 0, "config/menus", NOW,
	  "folder of *.menu" },
	{ "ussd.locale", SET_TEXT, PLACE(ussd.locale_dir), 0, 0, "build/locale", NOW,
	  "folder of compiled translations, *.mo" },
	{ "ussd.language", SET_TEXT, PLACE(ussd.language), 0, 0, "en", NOW,
	  "language of who has not chosen one: en, sw, fr" },
	{ "ussd.service_code", SET_TEXT, PLACE(ussd.service_code), 0, 0, "*384*77#", NOW,
	  "the code people dial, as written in SMS" },

	{ "at.secret_file", SET_SECRET, PLACE(at.secret), 0, 0, "", RESTART,
	  "Africa's Talking: last part of our URLs, /ussd/at/SECRET; empty for none" },
	{ "at.networks", SET_NETWORKS, PLACE(at.networks), 0, 0, "127.0.0.0/8 ::1/128",
	  NOW, "networks hops, inbound SMS and delivery reports may come from" },
	{ "at.certificate", SET_PEER, PLACE(at.certificate), 0, 0, "", NOW,
	  "certificate a caller must show, as \"DNS:a.example\", \"CN:A\" or "
	  "\"SHA256:..\", several by '|'; empty: none" },
	{ "at.api_url", SET_URL, PLACE(at.api_url), 0, 0,
	  "https://api.africastalking.com", NOW, "where SMS are sent" },
	{ "at.username", SET_TEXT, PLACE(at.username), 0, 0, "sandbox", NOW,
	  "account name there" },
	{ "at.api_key_file", SET_SECRET, PLACE(at.api_key), 0, 0, "", NOW,
	  "file with the account's API key" },
	{ "at.sender", SET_TEXT, PLACE(at.sender), 0, 0, "", NOW,
	  "sender name or short code of our SMS; empty for the account's own" },
	{ "at.deadline", SET_MS, PLACE(at.deadline_ms), 100, S(50), "10s", NOW,
	  "of one call that sends an SMS" },

	{ "loans.products", SET_TEXT, PLACE(loans.products), 0, 0, "config/products.conf",
	  NOW, "file of loan products, which `adit products` explains; empty for none" },

	{ "sms.poll", SET_MS, PLACE(sms.poll_ms), 20, MIN(10), "5s", NOW,
	  "how often waiting SMS are looked for without being told" },
	{ "sms.concurrency", SET_INT, PLACE(sms.concurrency), 1, 256, "8", NOW,
	  "SMS handed over at the same time" },
	{ "sms.per_second", SET_INT, PLACE(sms.per_second), 1, 5000, "30", NOW,
	  "SMS handed over in a second" },
	{ "sms.attempts", SET_INT, PLACE(sms.attempts_max), 1, 100, "10", NOW,
	  "tries before an SMS is given up" },
	{ "sms.dead", SET_WORD, PLACE(sms.dead), 0, 0, "failover|hold", NOW,
	  "what becomes of an SMS whose carrier is down: the next one takes it, or it "
	  "waits in line" },
	{ "sms.hold", SET_MS, PLACE(sms.hold_ms), S(1), S(30), "20s", NOW,
	  "how long it then waits before it goes back to the queue" },
	{ "sms.failures", SET_INT, PLACE(sms.failures), 1, 1000, "3", NOW,
	  "failed calls in a row after which a carrier counts as down" },
	{ "sms.breaker", SET_MS, PLACE(sms.breaker_ms), 100, MIN(60), "30s", NOW,
	  "how long it then gets no SMS" },
	{ "sms.codes", SET_BOOL, PLACE(sms.codes), 0, 0, "false", NOW,
	  "PAY by SMS is answered with a one-time code, and YES with that code asks the "
	  "wallet; without, only USSD does" },
	{ "sms.code_ttl", SET_MS, PLACE(sms.code_ms), MIN(1), MIN(60), "10min", NOW,
	  "how long such a code is good" },

	{ "payments.poll", SET_MS, PLACE(payments.poll_ms), 20, MIN(10), "2s", NOW,
	  "how often open payments are looked for without being told" },
	{ "payments.collect_delay", SET_MS, PLACE(payments.collect_delay_ms), 0, MIN(1),
	  "4s", NOW, "the prompt on the phone comes this long after the session" },
	{ "payments.ladder", SET_INT, PLACE(payments.ladder_permille), 1, 1000, "1000",
	  NOW, "thousandths of the usual waits between queries; less only in tests" },
	{ "payments.breaker_failures", SET_INT, PLACE(payments.breaker_failures), 1, 1000,
	  "5", NOW, "failed calls in a row after which a provider counts as down" },
	{ "payments.breaker", SET_MS, PLACE(payments.breaker_ms), 100, MIN(60), "30s",
	  NOW, "how long it then gets no new payments" },
	{ "payments.service", SET_MS, PLACE(payments.service_ms), 0, MIN(60), "1min", NOW,
	  "how often providers that tell are asked whether they serve; 0s: never" },
	{ "payments.evening", SET_INT, PLACE(payments.evening_hour), 0, 23, "18", NOW,
	  "hour, in each cooperative, of penalties and reminders" },

	{ "pin.pepper_file", SET_PEPPER, PLACE(pin.pepper), 0, 0, "secrets/pin_pepper",
	  NEEDED, "64 hexadecimal digits; lost, every member needs a new PIN" },
	{ "pin.memory", SET_BYTES, PLACE(pin.memory_bytes), 8192, 1 << 30, "8MiB",
	  RESTART, "memory of one PIN hash" },
	{ "pin.passes", SET_INT, PLACE(pin.passes), 1, 100, "3", RESTART,
	  "passes of one PIN hash" },
	{ "pin.threads", SET_INT, PLACE(pin.threads), 1, 8, "2", RESTART,
	  "PIN hashes made at the same time" },

	{ "callback.networks", SET_NETWORKS, PLACE(callback.networks), 0, 0,
	  "127.0.0.0/8 ::1/128", NOW, "networks providers call back from" },
	{ "callback.secret_file", SET_SECRET, PLACE(callback.secret), 0, 0, "", RESTART,
	  "part of the URL, /callback/mtn/SECRET/REFERENCE; empty for none" },
	{ "callback.certificate", SET_PEER, PLACE(callback.certificate), 0, 0, "", NOW,
	  "certificate they must show, as at.certificate, where the provider has no "
	  "callback_certificate" },
	{ NULL, SET_TEXT, 0, 0, 0, 0, NULL, RESTART, NULL },
};

const struct setting settings_provider_table[] = {
	{ "name", SET_TEXT, PROVIDER(name), 0, 0, "mtn", NEEDED,
	  "what payments and accounts call it; without codec a name of "
	  "docs/providers.md" },
	{ "codec", SET_TEXT, PROVIDER(codec), 0, 0, "", RESTART,
	  "whose wire it speaks, by its name in docs/providers.md: the same provider in "
	  "two countries is two entries" },
	{ "base_url", SET_URL, PROVIDER(base_url), 0, 0,
	  "https://sandbox.momodeveloper.mtn.com", NEEDED, "where its API is" },
	{ "target_environment", SET_TEXT, PROVIDER(target_environment), 0, 0, "sandbox",
	  NEEDED, "X-Target-Environment: sandbox, mtnuganda, ..." },
	{ "currency", SET_TEXT, PROVIDER(currency), 0, 0, "EUR", NEEDED,
	  "what it accepts here, ISO 4217" },
	{ "scale", SET_INT, PROVIDER(scale), 0, 4, "0", RESTART,
	  "decimals it takes in an amount: what is over in a payout stays owed" },
	{ "collection_scale", SET_INT, PROVIDER(collection_scale), -1, 4, "-1", RESTART,
	  "of what is collected, where that differs: 0 for Safaricom's prompts; an "
	  "amount "
	  "is rounded up to it, what is over is the payer's credit; -1: as scale" },
	{ "callback_url", SET_URL, PROVIDER(callback_url), 0, 0, "", RESTART,
	  "prefix the payment's reference is appended to; empty: no callbacks.  daraja "
	  "needs one, without the words mpesa, safaricom, sql, query, cmd, exec" },
	{ "collection_user", SET_TEXT, PROVIDER(collection.user), 0, 0, "", NOW,
	  "API user for taking money" },
	{ "collection_key_file", SET_SECRET, PROVIDER(collection.key), 0, 0, "", NOW,
	  "its API key" },
	{ "collection_subscription_file", SET_SECRET,
	  PROVIDER(collection.subscription_key), 0, 0, "", NOW,
	  "subscription key of the product" },
	{ "disbursement_user", SET_TEXT, PROVIDER(disbursement.user), 0, 0, "", NOW,
	  "API user for paying out" },
	{ "disbursement_key_file", SET_SECRET, PROVIDER(disbursement.key), 0, 0, "", NOW,
	  "its API key" },
	{ "disbursement_subscription_file", SET_SECRET,
	  PROVIDER(disbursement.subscription_key), 0, 0, "", NOW,
	  "subscription key of the product" },
	{ "numbers", SET_TEXT, PROVIDER(numbers), 0, 0, "", RESTART,
	  "first digits of the numbers it reaches, with country code, by spaces; the "
	  "longest decides, none: the cooperative's own provider" },
	{ "country", SET_TEXT, PROVIDER(country), 0, 0, "", RESTART,
	  "whose wallets, ISO 3166, two letters" },
	{ "version", SET_INT, PROVIDER(version), 1, 2, "1", RESTART,
	  "airtel: of its calls; 2 signs collections" },
	{ "wallet_pin_file", SET_SECRET, PROVIDER(wallet_pin), 0, 0, "", NOW,
	  "PIN or password of the wallet that pays" },
	{ "public_key_file", SET_SECRET, PROVIDER(public_key), 0, 0, "", NOW,
	  "its RSA key, one line of base64; pawapay: that of its callbacks" },
	{ "callback_key_file", SET_SECRET, PROVIDER(callback_key), 0, 0, "", NOW,
	  "key of the callbacks' hash or signature; empty: they are not checked" },
	{ "callback_certificate", SET_PEER, PROVIDER(callback_certificate), 0, 0, "", NOW,
	  "certificate its callbacks must show, as at.certificate; empty: as "
	  "callback.certificate says" },
	{ "party", SET_TEXT, PROVIDER(party), 0, 0, "", RESTART,
	  "who we are there: daraja: short code; vodacom: service provider code" },
	{ "kind", SET_WORD, PROVIDER(kind), 0, 0, "paybill|till", RESTART,
	  "daraja: where a prompt has its money sent: to the pay bill party, or to the "
	  "till of Buy Goods that till says" },
	{ "till", SET_TEXT, PROVIDER(till), 0, 0, "", RESTART,
	  "daraja: number of the till" },
	{ "store", SET_TEXT, PROVIDER(store), 0, 0, "", RESTART,
	  "daraja: short code of the till's store or head office, whose passkey "
	  "passkey_file is; empty: party" },
	{ "passkey_file", SET_SECRET, PROVIDER(passkey), 0, 0, "", NOW,
	  "daraja: passkey of the STK prompt" },
	{ "initiator", SET_TEXT, PROVIDER(initiator), 0, 0, "", NOW,
	  "daraja: the operator in whose name money leaves; wallet_pin_file is its "
	  "password" },
	{ "origin", SET_TEXT, PROVIDER(origin), 0, 0, "", RESTART,
	  "vodacom: the Origin registered with it" },
	{ "market", SET_TEXT, PROVIDER(market), 0, 0, "", RESTART,
	  "vodacom: vodacomTZN, vodacomDRC, ...; pawapay: AIRTEL_TZA, ..." },
	{ "public_key_id", SET_TEXT, PROVIDER(public_key_id), 0, 0, "", NOW,
	  "pawapay: name of that key in signatures; empty: any" },
	{ "signing_key_file", SET_SECRET, PROVIDER(signing_key), 0, 0, "", NOW,
	  "pawapay: our private P-256 key, one line of base64; empty: our requests are "
	  "not "
	  "signed" },
	{ "signing_key_id", SET_TEXT, PROVIDER(signing_key_id), 0, 0, "", NOW,
	  "pawapay: its name there" },
	{ "payout_call", SET_TEXT, PROVIDER(payout_call), 0, 0, "", RESTART,
	  "mtn: \"deposit\" where payouts are deposits; empty: transfers" },
	{ "concurrency", SET_INT, PROVIDER(concurrency), 1, 512, "8", RESTART,
	  "calls at the same time" },
	{ "deadline", SET_MS, PROVIDER(deadline_ms), 100, MIN(5), "20s", RESTART,
	  "of one call" },
	{ "per_second", SET_INT, PROVIDER(per_second), 0, 1000, "0", NOW,
	  "payments handed over or asked about in a second, at most; 0 for no limit" },
	{ "float_check", SET_MS, PROVIDER(float_ms), 0, MIN(60), "60s", NOW,
	  "what it says of our balance there is believed so long, and a payout that does "
	  "not fit waits; 0ms pays without asking (daraja: the initiator must be allowed "
	  "to ask, and a callback_url to hear it)" },
	{ "name_check_above", SET_INT, PROVIDER(name_above), 0, INT64_C(1000000000000),
	  "0", NOW,
	  "a larger payout, in units of the currency, waits for a person if the wallet "
	  "is in another name than the member's; 0 for never (daraja tells the name only "
	  "with the outcome: a payment to another one is listed, adit payments "
	  "attention)" },
	{ "batch_max", SET_INT, PROVIDER(batch_max), 0, 500, "0", NOW,
	  "gsma: so many payouts of one `adit batch`, at most, go as one batch over "
	  "there, "
	  "made with the disbursement's account and approved with the collection's; 0: "
	  "each by itself" },
	{ NULL, SET_TEXT, 0, 0, 0, 0, NULL, RESTART, NULL },
};

#define LIST(name, rows, title)                                                          \
	{                                                                                \
#name, rows, offsetof(struct settings, name),                            \
		    sizeof(((struct settings *)NULL)->name[0]),                          \
		    offsetof(struct settings, COUNT_##name),                             \
		    sizeof(((struct settings *)NULL)->name) /                            \
		        sizeof(((struct settings *)NULL)->name[0]),                      \
		    title                                                                \
	}
#define COUNT_providers provider_count
#define COUNT_smpp      smpp_count
#define COUNT_carriers  carrier_count
#define COUNT_ussd_http ussd_http_count
#define COUNT_xmltcp    xmltcp_count

const struct setting_list settings_lists[] = {
	LIST(providers, settings_provider_table, "Mobile-money providers"),
	LIST(smpp, settings_smpp_table, "Operators reached by SMPP"),
	LIST(carriers, settings_carriers_table,
	     "Who carries SMS beside Africa's Talking and the operators above"),
	LIST(ussd_http, settings_ussd_http_table,
	     "Who brings USSD over HTTP beside Africa's Talking"),
	LIST(xmltcp, settings_xmltcp_table,
	     "Who brings USSD by XML over TCP (MTN Nigeria)"),
	{ NULL, NULL, 0, 0, 0, 0, NULL },
};
