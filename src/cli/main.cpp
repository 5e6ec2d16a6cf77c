// The client's entry: reads the command line, runs the command, tells of its failure.
#include <cstdio>
#include <exception>
#include <memory>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "turnstone/cli/arguments.hpp"
#include "turnstone/cli/error_report.hpp"

namespace turnstone::cli {

static int run(int count, char **values) {
    const Arguments arguments = read_arguments(count, values);
    if (!arguments.command)
        return arguments.code;
    Output output;
    output.json = arguments.options.json;
    output.quiet = arguments.options.quiet;
    output.verbosity = arguments.options.verbosity;
    output.look_at_terminal(arguments.options.no_colour);
    std::unique_ptr<Context> context;
    ExitCode code{};
    try {
        context = std::make_unique<Context>(arguments.options, output);
        code = arguments.command(*context);
    } catch (const std::exception &failure) {
        std::fflush(stdout);
        code = report_failure(output, failure, context ? context->folder_read() : nullptr);
    }
    // A full disk or a closed pipe: the result has not reached whoever waits for it.
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
        return static_cast<int>(ExitCode::failed);
    return static_cast<int>(code);
}

} // namespace turnstone::cli

int main(int count, char **values) {
#ifdef __GLIBC__
    // The folder is read in a thread, whose memory would be asked for in pieces of a page each.
    (void)mallopt(M_ARENA_MAX, 1);
    (void)mallopt(M_TOP_PAD, 4 << 20);
    (void)mallopt(M_TRIM_THRESHOLD, 64 << 20);
#endif
    try {
        return turnstone::cli::run(count, values);
    } catch (const std::exception &failure) {
        (void)std::fprintf(stderr, "error: %s\n", failure.what());
        return static_cast<int>(turnstone::cli::ExitCode::failed);
    }
}
