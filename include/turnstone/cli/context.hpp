// What a command works with: options, the project, and the server and the folder, which are reached at first
// use.
#pragma once

#include <future>
#include <memory>

#include "turnstone/cli/folder_glance.hpp"
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
    // Has the folder read beside the connecting and asking; folder() then waits for it. Where a glance will
    // do, it may be left at that.
    void begin_reading_folder(bool glance_will_do = false);
    // What begin_reading_folder() has found instead of reading; null where it has read the folder.
    const FolderGlance *glance();
    // Null where the folder is not there and nobody named one.
    const LocalFolder *folder_if_any();
    // Tells of what the server says beside its answers.
    void hear(const Notice &notice) const;
    // What has been read by now, or glanced at; for the telling of errors.
    [[nodiscard]] const LocalFolder *folder_read();

  private:
    void end_reading();
    void take(LocalFolder folder);
    [[nodiscard]] std::string folder_format() const;
    [[nodiscard]] const Environment *found_environment() const;

    Project project_;
    std::optional<Address> address_;
    std::unique_ptr<Server> server_;
    std::unique_ptr<LocalFolder> folder_;
    std::optional<FolderGlance> glance_;
    std::future<FolderReading> reading_;
};

} // namespace turnstone::cli
