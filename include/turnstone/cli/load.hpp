// The sending of the project's folder, which several commands begin with.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "turnstone/cli/context.hpp"
#include "turnstone/cli/upload.hpp"

namespace turnstone::cli {

struct Loaded {
    std::vector<Uploaded> uploaded;
    std::size_t unchanged = 0;
};

// In the caller's transaction, if it has begun one.
Loaded load_folder(Context &context);

void tell_of(const Output &output, const Loaded &loaded);
nlohmann::ordered_json uploaded_as_json(const Loaded &loaded);

} // namespace turnstone::cli
