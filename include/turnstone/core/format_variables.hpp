// Variables in scripts: goose's ENVSUB, graphile-migrate's, and ${name}: Flyway's, Liquibase's and
// turnstone's own.
#pragma once

#include <string>
#include <string_view>

#include "turnstone/core/format.hpp"

namespace turnstone::core {

// One line with $NAME, ${NAME}, ${NAME:-default}, ${NAME-default} and ${NAME?message} put in, as goose does
// between ENVSUB ON and ENVSUB OFF. "\$" is a dollar; "$$" is refused, since goose would make it one dollar.
std::string substitute_envsub(std::string_view line, const Variables &variables, int number);

// A whole text with ${name} put in, wherever it stands, as Flyway does. Names are found in any case. `hint`
// goes with the error for one that has no value.
std::string substitute_placeholders(std::string_view text, const Variables &variables,
                                    std::string_view hint = {});

// The same where a name without a value is left as it stands, as Liquibase does.
std::string substitute_known(std::string_view text, const Variables &variables);

// graphile-migrate's placeholders, ":NAME" in capital letters, wherever they stand. Those that have no value
// are left, but for :DATABASE_NAME and :DATABASE_OWNER, which graphile-migrate always has: they are an error.
std::string substitute_graphile(std::string_view text, const Variables &variables);

} // namespace turnstone::core
