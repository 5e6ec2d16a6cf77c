// Variables in the scripts of other tools: goose's ENVSUB and Flyway's placeholders.
#pragma once

#include <string>
#include <string_view>

#include "turnstone/core/format.hpp"

namespace turnstone::core {

// One line with $NAME, ${NAME}, ${NAME:-default}, ${NAME-default} and ${NAME?message} put in, as goose does
// between ENVSUB ON and ENVSUB OFF. "\$" is a dollar; "$$" is refused, since goose would make it one dollar.
std::string substitute_envsub(std::string_view line, const Variables &variables, int number);

// A whole text with ${name} put in, wherever it stands, as Flyway does. Names are found in any case.
std::string substitute_placeholders(std::string_view text, const Variables &variables);

} // namespace turnstone::core
