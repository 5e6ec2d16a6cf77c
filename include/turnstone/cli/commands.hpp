// The commands of the client: each returns its exit code, and throws what it fails with.
#pragma once

#include "turnstone/cli/context.hpp"

namespace turnstone::cli {

// project_commands.cpp
ExitCode init(Context &context);
ExitCode new_migration(Context &context);

// load_commands.cpp
ExitCode load(Context &context);
ExitCode status(Context &context);
ExitCode plan(Context &context);

// run_commands.cpp
ExitCode up(Context &context);
ExitCode down(Context &context);
ExitCode redo(Context &context);
ExitCode seed(Context &context);
ExitCode reset(Context &context);

// watch_commands.cpp
ExitCode watch(Context &context);
ExitCode cancel(Context &context);

// mark_commands.cpp
ExitCode baseline(Context &context);
ExitCode mark(Context &context);
ExitCode repair(Context &context);
ExitCode tag(Context &context);

// look_commands.cpp
ExitCode drift(Context &context);
ExitCode log(Context &context);
ExitCode blame(Context &context);

// check_command.cpp
ExitCode check(Context &context);

// verify_command.cpp
ExitCode verify(Context &context);

// adopt_command.cpp
ExitCode adopt(Context &context);

// import_command.cpp
ExitCode import_folder(Context &context);

} // namespace turnstone::cli
