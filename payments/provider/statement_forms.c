/* The statement forms, one per codec: what their portals export. */
#include "payments/provider/statement.h"

#include <string.h>

/* MTN: signed amounts, the fee beside them */

static const struct statement_word mtn_types[] = {
	{ "fee", LINE_FEE },
	{ "fees", LINE_FEE },
	{ "commission", LINE_FEE },
	{ NULL, 0 },
};
static const struct statement_word mtn_states[] = {
	{ "successful", LINE_DONE },  { "success", LINE_DONE },
	{ "succeeded", LINE_DONE },   { "completed", LINE_DONE },
	{ "failed", LINE_FAILED },    { "unsuccessful", LINE_FAILED },
	{ "rejected", LINE_FAILED },  { "expired", LINE_FAILED },
	{ "cancelled", LINE_FAILED }, { "canceled", LINE_FAILED },
	{ "pending", LINE_PENDING },  { "ongoing", LINE_PENDING },
	{ "created", LINE_PENDING },  { NULL, 0 },
};

/* Airtel: the amount has no sign, a word says the direction */

static const struct statement_word airtel_types[] = {
	{ "service charge", LINE_FEE },
	{ "charges", LINE_FEE },
	{ "fee", LINE_FEE },
	{ "fees", LINE_FEE },
	{ "commission", LINE_FEE },
	{ "credit", LINE_IN },
	{ "cr", LINE_IN },
	{ "collection", LINE_IN },
	{ "collections", LINE_IN },
	{ "debit", LINE_OUT },
	{ "dr", LINE_OUT },
	{ "disbursement", LINE_OUT },
	{ "payout", LINE_OUT },
	{ NULL, 0 },
};
static const struct statement_word airtel_states[] = {
	{ "success", LINE_DONE },      { "successful", LINE_DONE },
	{ "ts", LINE_DONE },           { "completed", LINE_DONE },
	{ "failed", LINE_FAILED },     { "unsuccessful", LINE_FAILED },
	{ "tf", LINE_FAILED },         { "expired", LINE_FAILED },
	{ "te", LINE_FAILED },         { "rejected", LINE_FAILED },
	{ "tip", LINE_PENDING },       { "progress", LINE_PENDING },
	{ "ambiguous", LINE_PENDING }, { "ta", LINE_PENDING },
	{ "pending", LINE_PENDING },   { NULL, 0 },
};

/* M-Pesa's organisation portal (Safaricom, Vodacom, Mozambique): two columns, charges on
 * lines of their own under the receipt of the payment */

static const struct statement_word mpesa_types[] = {
	{ "charge", LINE_FEE },
	{ "charges", LINE_FEE },
	{ "fee", LINE_FEE },
	{ "fees", LINE_FEE },
	{ NULL, 0 },
};
static const struct statement_word mpesa_states[] = {
	{ "completed", LINE_DONE },
	{ "complete", LINE_DONE },
	{ "failed", LINE_FAILED },
	{ "declined", LINE_FAILED },
	{ "cancelled", LINE_FAILED },
	{ "expired", LINE_FAILED },
	{ "rejected", LINE_FAILED },
	{ "pending", LINE_PENDING },
	{ "authorized", LINE_PENDING },
	{ "submitted", LINE_PENDING },
	{ NULL, 0 },
};

#define MPESA_HEADINGS                                                                   \
	{                                                                                \
		[COL_TXN] = "Receipt No.|Receipt No|Receipt",                            \
		[COL_TIME] = "Completion Time",                                          \
		[COL_STATUS] = "Transaction Status|Status",                              \
		[COL_TYPE] = "Reason Type|Details", [COL_PAID_IN] = "Paid In",           \
		[COL_WITHDRAWN] = "Withdrawn", [COL_BALANCE] = "Balance",                \
		[COL_CURRENCY] = "Currency",                                             \
		[COL_REFERENCE] = "A/C No.|Third Party Reference",                       \
		[COL_NUMBER] = "Other Party Info|Opposite Party",                        \
		[COL_DETAILS] = "Details",                                               \
	}

/* GSMA: the transaction object as columns */

static const struct statement_word gsma_types[] = {
	{ "fee", LINE_FEE },          { "fees", LINE_FEE },
	{ "disbursement", LINE_OUT }, { "withdrawal", LINE_OUT },
	{ "inttransfer", LINE_OUT },  { "merchantpay", LINE_IN },
	{ "billpay", LINE_IN },       { "deposit", LINE_IN },
	{ "adjustment", LINE_IN },    { NULL, 0 },
};
static const struct statement_word gsma_states[] = {
	{ "completed", LINE_DONE },     { "failed", LINE_FAILED },
	{ "declined", LINE_FAILED },    { "cancelled", LINE_FAILED },
	{ "pending", LINE_PENDING },    { "initiated", LINE_PENDING },
	{ "inprogress", LINE_PENDING }, { NULL, 0 },
};

/* pawaPay: their ids are ours; times are UTC */

static const struct statement_word pawapay_types[] = {
	{ "fee", LINE_FEE },         { "fees", LINE_FEE },
	{ "payout", LINE_OUT },      { "refund", LINE_OUT },
	{ "remittance", LINE_OUT },  { "withdrawal", LINE_OUT },
	{ "deposit", LINE_IN },      { "top up", LINE_IN },
	{ "topup", LINE_IN },        { "adjustment", LINE_IN },
	{ "compensation", LINE_IN }, { NULL, 0 },
};

/* Orange: French headings, decimal commas, date and time apart */

static const struct statement_word orange_types[] = {
	{ "frais", LINE_FEE },
	{ "commission", LINE_FEE },
	{ "fee", LINE_FEE },
	{ NULL, 0 },
};
static const struct statement_word orange_states[] = {
	{ "succes", LINE_DONE },      { "succès", LINE_DONE },
	{ "success", LINE_DONE },     { "reussi", LINE_DONE },
	{ "réussi", LINE_DONE },      { "effectue", LINE_DONE },
	{ "effectuée", LINE_DONE },   { "effectué", LINE_DONE },
	{ "echec", LINE_FAILED },     { "échec", LINE_FAILED },
	{ "Échec", LINE_FAILED },     { "failed", LINE_FAILED },
	{ "annulé", LINE_FAILED },    { "annulée", LINE_FAILED },
	{ "rejeté", LINE_FAILED },    { "rejetée", LINE_FAILED },
	{ "en cours", LINE_PENDING }, { "en attente", LINE_PENDING },
	{ "pending", LINE_PENDING },  { NULL, 0 },
};

#define GSMA_OURS "requestingOrganisationTransactionReference|correlationId"

static const struct statement_form forms[] = {
	{ .codec = "mtn",
	  .delimiter = ',',
	  .decimal = '.',
	  .signed_amounts = true,
	  .year_first = true,
	  .heading = { [COL_TXN] = "Id|Transaction Id|Financial Transaction Id",
	               [COL_TIME] = "Date",
	               [COL_STATUS] = "Status",
	               [COL_TYPE] = "Type",
	               [COL_AMOUNT] = "Amount",
	               [COL_FEE] = "Fee",
	               [COL_BALANCE] = "Balance",
	               [COL_CURRENCY] = "Currency",
	               [COL_REFERENCE] = "External Transaction Id|External Id",
	               [COL_FROM] = "From",
	               [COL_TO] = "To",
	               [COL_DETAILS] = "Information|Note" },
	  .types = mtn_types,
	  .states = mtn_states },
	{ .codec = "airtel",
	  .delimiter = ',',
	  .decimal = '.',
	  .heading = { [COL_TXN] = "Transaction ID|Airtel Money ID",
	               [COL_TIME] = "Transaction Date & Time|Transaction Date",
	               [COL_STATUS] = "Transaction Status|Status",
	               [COL_TYPE] = "Transaction Type|Service Type",
	               [COL_AMOUNT] = "Transaction Amount|Amount",
	               [COL_FEE] = "Service Charge",
	               [COL_BALANCE] = "Post Balance|Closing Balance",
	               [COL_CURRENCY] = "Currency",
	               [COL_REFERENCE] = "External Reference|Reference No",
	               [COL_NUMBER] = "MSISDN|Customer MSISDN",
	               [COL_DETAILS] = "Remarks|Service Type" },
	  .types = airtel_types,
	  .states = airtel_states },
	{ .codec = "daraja",
	  .delimiter = ',',
	  .decimal = '.',
	  .heading = MPESA_HEADINGS,
	  .types = mpesa_types,
	  .states = mpesa_states },
	{ .codec = "vodacom",
	  .delimiter = ',',
	  .decimal = '.',
	  .heading = MPESA_HEADINGS,
	  .types = mpesa_types,
	  .states = mpesa_states },
	{ .codec = "mpesamz",
	  .delimiter = ',',
	  .decimal = '.',
	  .heading = MPESA_HEADINGS,
	  .types = mpesa_types,
	  .states = mpesa_states },
	{ .codec = "gsma",
	  .delimiter = ',',
	  .decimal = '.',
	  .year_first = true,
	  .utc = true,
	  .heading = { [COL_TXN] = "transactionReference",
	               [COL_TIME] = "modificationDate|creationDate",
	               [COL_STATUS] = "transactionStatus",
	               [COL_TYPE] = "type",
	               [COL_AMOUNT] = "amount",
	               [COL_FEE] = "fees",
	               [COL_BALANCE] = "balance",
	               [COL_CURRENCY] = "currency",
	               [COL_REFERENCE] = GSMA_OURS,
	               [COL_FROM] = "debitParty",
	               [COL_TO] = "creditParty",
	               [COL_DETAILS] = "descriptionText" },
	  .types = gsma_types,
	  .states = gsma_states },
	{ .codec = "pawapay",
	  .delimiter = ',',
	  .decimal = '.',
	  .year_first = true,
	  .utc = true,
	  .txn_is_ours = true,
	  .heading = { [COL_TXN] = "Transaction ID",
	               [COL_TIME] = "Creation Date",
	               [COL_TYPE] = "Type",
	               [COL_AMOUNT] = "Amount",
	               [COL_BALANCE] = "Balance",
	               [COL_CURRENCY] = "Currency",
	               [COL_REFERENCE] = "Transaction ID",
	               [COL_NUMBER] = "MSISDN",
	               [COL_DETAILS] = "Type" },
	  .types = pawapay_types },
	{ .codec = "orange",
	  .delimiter = ';',
	  .decimal = ',',
	  .heading = { [COL_TXN] = "Référence|Reference",
	               [COL_TIME] = "Date",
	               [COL_CLOCK] = "Heure",
	               [COL_STATUS] = "Statut",
	               [COL_TYPE] = "Service|Type",
	               [COL_PAID_IN] = "Crédit|Credit",
	               [COL_WITHDRAWN] = "Débit|Debit",
	               [COL_BALANCE] = "Solde",
	               [COL_CURRENCY] = "Devise",
	               [COL_REFERENCE] = "Référence externe|Reference externe",
	               [COL_NUMBER] = "Correspondant",
	               [COL_DETAILS] = "Service|Type" },
	  .types = orange_types,
	  .states = orange_states },
};

const struct statement_form *
statement_form_at(size_t i)
{
	return i < sizeof forms / sizeof *forms ? &forms[i] : NULL;
}

const struct statement_form *
statement_form(const char *codec)
{
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (strcmp(forms[i].codec, codec) == 0)
			return &forms[i];
	return NULL;
}

const char *
statement_column_name(enum statement_column c)
{
	static const char *const names[STATEMENT_COLUMNS] = {
		[COL_TXN] = "transaction id",
		[COL_TIME] = "time",
		[COL_CLOCK] = "time of day",
		[COL_STATUS] = "status",
		[COL_TYPE] = "type",
		[COL_AMOUNT] = "amount",
		[COL_PAID_IN] = "paid in",
		[COL_WITHDRAWN] = "withdrawn",
		[COL_FEE] = "fee",
		[COL_BALANCE] = "balance",
		[COL_CURRENCY] = "currency",
		[COL_REFERENCE] = "our reference",
		[COL_NUMBER] = "number",
		[COL_FROM] = "from",
		[COL_TO] = "to",
		[COL_DETAILS] = "details",
	};

	return c < STATEMENT_COLUMNS ? names[c] : "";
}
