// What a command works with: options, the project, and the server and the folder, which are reached at first
// use.
#pragma once

#include <future>
#include <memory>

#include "turnstone/cli/local_folder.hpp"
#include "turnstone/cli/options.hpp"
#include "turnstone/cli/output.hpp"
#include "turnstone/cli/project.hpp"
#include "turnstone/cli/server.hpp"

namespace turnstone::cli {

class Context {
  public:
    // Reads turnstone.toml; throws Failure(usage) for what is wrong in it.
    Context(const Options &options, const Output &output);

    const Options &options;
    const Output &output;

    [[nodiscard]] const Project &project() const { return project_; }
    // The environment that was asked for, or the project's own; empty for none.
    [[nodiscard]] std::string environment() const;
    Address address();
    Server &server();
    // The folder that the options, the environment or the project name, else ./migrations or ./db/migrations.
    [[nodiscard]] std::filesystem::path folder_path() const;
    const LocalFolder &folder();
    // Has the folder read beside the connecting and asking; folder() then waits for it.
    void begin_reading_folder();
    // Null where the folder is not there and nobody named one.
    const LocalFolder *folder_if_any();
    // Tells of what the server says beside its answers.
    void hear(const Notice &notice) const;
    // What has been read by now; for the telling of errors.
    [[nodiscard]] const LocalFolder *folder_read() const { return folder_.get(); }

  private:
    [[nodiscard]] const Environment *found_environment() const;

    Project project_;
    std::optional<Address> address_;
    std::unique_ptr<Server> server_;
    std::unique_ptr<LocalFolder> folder_;
    std::future<LocalFolder> reading_;
};

} // namespace turnstone::cli
