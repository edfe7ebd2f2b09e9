// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "methods.h"

const struct method *find_method(const char *name)
{
	const struct method *const *entry;

	for_each_method(entry) {
		if (!strcmp((*entry)->name, name))
			return *entry;
	}
	return NULL;
}
