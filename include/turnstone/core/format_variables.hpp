// Variables in scripts: goose's ENVSUB, and placeholders, Flyway's and turnstone's own.
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

} // namespace turnstone::core
