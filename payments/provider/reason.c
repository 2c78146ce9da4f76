/* Why a payment failed, in words a person can say to another. */
#include "payments/provider/provider.h"

#include <string.h>

const char *
pay_reason_words(enum pay_reason r, const char *language)
{
	static const char *const words[PAY_REASONS][3] = {
		[REASON_NONE] = { "", "", "" },
		[REASON_NO_FUNDS] = { "There is not enough money in the wallet.",
		                      "Hakuna pesa ya kutosha kwenye pochi.",
		                      "Il n'y a pas assez d'argent sur le compte." },
		[REASON_WRONG_PIN] = { "The PIN was wrong.", "PIN haikuwa sahihi.",
		                       "Le code PIN est faux." },
		[REASON_CANCELLED] = { "The person said no on the phone.",
		                       "Mtu alikataa kwenye simu.",
		                       "La personne a refusé au téléphone." },
		[REASON_IGNORED] = { "Nobody answered the question on the phone in time.",
		                     "Hakuna aliyejibu swali kwenye simu kwa wakati.",
		                     "Personne n'a répondu à temps au téléphone." },
		[REASON_UNREACHABLE] = { "The phone could not be reached.",
		                         "Simu haikupatikana.",
		                         "Le téléphone n'était pas joignable." },
		[REASON_LIMIT] = { "The amount is outside the limits of the wallet.",
		                   "Kiasi kiko nje ya kikomo cha pochi.",
		                   "Le montant dépasse les limites du compte." },
		[REASON_NOT_REGISTERED] = { "The number has no wallet there.",
		                            "Namba haina pochi huko.",
		                            "Le numéro n'a pas de compte là-bas." },
		[REASON_NOT_ALLOWED] = { "The wallet may not do this.",
		                         "Pochi hairuhusiwi kufanya hivi.",
		                         "Le compte n'y est pas autorisé." },
		[REASON_OUR_FLOAT] = { "The cooperative's account has too little money.",
		                       "Akaunti ya ushirika haina pesa ya kutosha.",
		                       "Le compte de la coopérative manque d'argent." },
		[REASON_OUR_SETUP] = { "Our settings are wrong: tell the operator.",
		                       "Mipangilio yetu si sahihi: mwambie msimamizi.",
		                       "Nos réglages sont faux : prévenez l'opérateur." },
		[REASON_PROVIDER_DOWN] = { "The provider is not working now.",
		                           "Mtoa huduma hafanyi kazi sasa.",
		                           "L'opérateur est en panne." },
		[REASON_OTHER] = { "The provider refused and did not say why.",
		                   "Mtoa huduma alikataa bila kusema sababu.",
		                   "L'opérateur a refusé sans dire pourquoi." },
	};
	size_t column = strcmp(language, "sw") == 0   ? 1
	                : strcmp(language, "fr") == 0 ? 2
	                                              : 0;

	return words[r < PAY_REASONS ? r : REASON_OTHER][column];
}
