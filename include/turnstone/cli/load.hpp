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

enum class LoadTransaction { of_the_caller, own };

// In the caller's transaction, if it has begun one; or in one of its own, which is not begun where the server
// lacks nothing.
Loaded load_folder(Context &context, LoadTransaction whose = LoadTransaction::of_the_caller);

void tell_of(const Output &output, const Loaded &loaded);
nlohmann::ordered_json uploaded_as_json(const Loaded &loaded);

} // namespace turnstone::cli
