/* version - what /version, `adit version` and the SMS client's User-Agent say. */
#ifndef GATEWAY_VERSION_H
#define GATEWAY_VERSION_H

#define ADIT_VERSION "0.1.0"

#endif
