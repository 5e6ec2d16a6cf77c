// Owns the command line: every command, every option, and the text that --help shows.
#include "turnstone/cli/arguments.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "turnstone/cli/commands.hpp"
#include "turnstone/cli/completion.hpp"
#include "turnstone/cli/failure.hpp"

namespace turnstone::cli {

namespace {

class CommandLine {
  public:
    CommandLine() {
        app_.name("turnstone");
        app_.set_help_flag("--help", "this text; \"turnstone COMMAND --help\" tells of a command");
        app_.set_version_flag("--version", "turnstone " TURNSTONE_VERSION);
        app_.require_subcommand(1);
        app_.fallthrough(); // the options of all commands may stand behind the command
        app_.footer("Exit codes: 0 done, 1 failed, 2 drift, 3 pending, 4 files are not what is registered,\n"
                    "5 malformed file, 6 no connection, 7 no extension, 64 usage, 130 interrupted.");
        add_common_options();
        add_project_commands();
        add_run_commands();
        add_mark_commands();
        add_look_commands();
        completion_ = app_.add_subcommand("completion", "the completion script of a shell, on stdout");
        completion_->add_option("SHELL", shell_, "bash, zsh or fish")
            ->required()
            ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    }

    Arguments read(int count, char **values) {
        Arguments arguments;
        try {
            app_.parse(count, values);
        } catch (const CLI::ParseError &error) {
            const int code = app_.exit(error);
            arguments.code = code == 0 ? 0 : static_cast<int>(ExitCode::usage);
            return arguments;
        }
        if (completion_->parsed()) {
            fmt::print("{}", completion_script(shell_, completion_commands(), completion_options(app_)));
            return arguments;
        }
        arguments.options = options_;
        for (const auto &[subcommand, command] : commands_) {
            if (!subcommand->parsed())
                continue;
            arguments.name = subcommand->get_name();
            arguments.command = command;
        }
        return arguments;
    }

  private:
    using Command = ExitCode (*)(Context &);

    CLI::App *add(const char *name, const char *description, Command command) {
        CLI::App *subcommand = app_.add_subcommand(name, description);
        commands_.emplace_back(subcommand, command);
        return subcommand;
    }

    void add_common_options() {
        app_.add_option(
            "-d,--database", options_.database,
            "URL, connection string or name of the database (else DATABASE_URL, turnstone.toml, PG*)");
        app_.add_option("-h,--host", options_.host, "host or folder of the socket");
        app_.add_option("-p,--port", options_.port, "port");
        app_.add_option("-U,--user", options_.user, "role");
        app_.add_option("--env", options_.environment, "environment of turnstone.toml");
        app_.add_option("--folder", options_.folder, "folder of the migrations");
        app_.add_option("--format", options_.format, "format of the folder; auto finds it out");
        app_.add_option("--config", options_.project_file, "in place of the turnstone.toml here or above");
        app_.add_flag("--json", options_.json, "one JSON document on stdout");
        app_.add_flag("-v,--verbose", options_.verbosity, "say more");
        app_.add_flag("-q,--quiet", options_.quiet, "say nothing but errors and what was asked for");
        app_.add_flag("--no-color,--no-colour", options_.no_colour, "no colours, as with NO_COLOR set");
    }

    void add_target(CLI::App *command, const char *description) {
        command->add_option("TARGET", options_.target, description);
    }
    void add_dry_run(CLI::App *command) {
        command->add_flag("--dry-run", options_.dry_run,
                          "run everything for real in a transaction, and take it back");
    }
    void add_no_load(CLI::App *command) {
        command->add_flag("--no-load", options_.no_load,
                          "with what is registered; the folder is not looked at");
    }
    void add_atomic(CLI::App *command) {
        command->add_flag("--atomic", options_.atomic, "all of it in one transaction, all or nothing");
    }

    void add_project_commands() {
        add("init", "create the extension in the database", init)
            ->add_flag("--files", options_.files,
                       "make turnstone.toml and the folder, too, where they are not there");
        CLI::App *fresh = add("new", "make a new script", new_migration);
        fresh->add_option("NAME", options_.name, "a verb and what it is about: create_users")->required();
        CLI::Option *timestamp =
            fresh->add_flag("--timestamp", options_.timestamp, "number it by the time, in UTC");
        fresh->add_flag("--sequential", options_.sequential, "give it the next number")->excludes(timestamp);
        CLI::Option *repeatable = fresh->add_flag("--repeatable", options_.repeatable,
                                                  "R__name.sql: applied again whenever it changes");
        fresh->add_flag("--seed", options_.seed, "S__name.sql: data of an environment")->excludes(repeatable);
        fresh->add_flag("--no-transaction", options_.no_transaction,
                        "statement by statement, each by itself");
        add("load", "send the files that the server lacks", load)
            ->add_option("DIR", options_.folder, "the folder");
        CLI::App *import_command = add(
            "import", "write another tool's folder anew as files of turnstone's own format", import_folder);
        import_command->add_option("--from", options_.format,
                                   "whose files they are; auto, the default, finds it out");
        import_command->add_option("SOURCE", options_.name, "the other tool's folder")->required();
        import_command->add_option("DESTINATION", options_.target, "where to write")->required();
        import_command->add_flag("--dry-run", options_.dry_run, "say what would be written");
        add("status", "every migration and its state", status);
        CLI::App *plan_command =
            add("plan", "what `up` would do, statement by statement; runs nothing", plan);
        add_target(plan_command, "up to where: version, tag, name, +N");
        plan_command->add_flag("--down", options_.down, "what `down` would do");
        add_no_load(plan_command);
    }

    void add_run_commands() {
        CLI::App *up_command = add(
            "up",
            "send the files that are new and apply what is pending, each migration with a commit of its own",
            up);
        add_target(up_command, "up to where: version, tag, name, +N; all by default");
        CLI::Option *atomic = up_command->add_flag("--atomic", options_.atomic,
                                                   "files and migrations in one transaction, all or nothing");
        up_command->add_flag("--detach", options_.detach, "in the background of the server")
            ->excludes(atomic);
        add_dry_run(up_command);
        add_no_load(up_command);
        CLI::App *down_command = add("down", "undo the newest migration, or more", down);
        CLI::Option *steps = down_command->add_option(
            "TARGET", options_.target, "how many, or what is to stay: version, tag, name, base");
        down_command
            ->add_option("--to", options_.version, "what is to stay, where it might be taken for a number")
            ->excludes(steps);
        add_atomic(down_command);
        add_dry_run(down_command);
        CLI::App *redo_command = add(
            "redo", "undo the newest migrations and apply them again, with the files as they are now", redo);
        redo_command->add_option("N", options_.target, "how many; 1 by default");
        add_no_load(redo_command);
        CLI::App *seed_command = add("seed", "run the seeds of an environment", seed);
        seed_command->add_option("ENVIRONMENT", options_.target,
                                 "by default that of --env or turnstone.toml");
        add_dry_run(seed_command);
        add_no_load(seed_command);
        CLI::App *reset_command =
            add("reset", "undo and apply everything again, then the seeds; where turnstone.allow_reset is on",
                reset);
        reset_command->add_option("ENVIRONMENT", options_.target, "whose seeds to run");
        reset_command->add_flag("-y,--yes", options_.yes, "do not ask");
        add_dry_run(reset_command);
        add_no_load(reset_command);
        add("watch", "follow a run until it ends", watch)
            ->add_option("RUN", options_.run, "its number; by default the one under way");
        add("cancel", "end a run", cancel)
            ->add_option("RUN", options_.run, "its number; by default the one under way");
    }

    void add_mark_commands() {
        CLI::App *baseline_command =
            add("baseline", "take everything up to a version over as applied, without running it", baseline);
        baseline_command->add_option("VERSION", options_.version, "up to where")->required();
        baseline_command->add_option("--reason", options_.reason, "why; kept in the journal");
        add_no_load(baseline_command);
        CLI::App *adopt_command =
            add("adopt", "show what another tool's journal says of the files, and take it over", adopt);
        adopt_command->add_option("TOOL", options_.target, "flyway, goose ...; found out by default");
        adopt_command->add_option("--journal", options_.name, "its table, where that has a name of its own");
        adopt_command->add_flag("-y,--yes", options_.yes, "take over without asking");
        adopt_command->add_flag("--force", options_.force,
                                "what is certain, though something else is in doubt");
        add_no_load(adopt_command);
        CLI::App *mark_command = add("mark", "set a migration's state by hand", mark);
        mark_command->add_option("VERSION", options_.version, "which")->required();
        mark_command->add_option("STATE", options_.state, "applied or pending")
            ->required()
            ->check(CLI::IsMember({"applied", "pending"}));
        mark_command->add_option("--reason", options_.reason, "why; kept in the journal")->required();
        mark_command->add_option("--statement", options_.statement, "this statement of a partial one");
        CLI::App *repair_command =
            add("repair", "accept the file's text for a migration that was applied with another one", repair);
        repair_command->add_option("VERSION", options_.version, "which")->required();
        repair_command->add_option("--reason", options_.reason, "why; kept in the journal");
        add_no_load(repair_command);
        CLI::App *tag_command = add("tag", "name a version, as a target", tag);
        tag_command->add_option("TAG", options_.name, "the name")->required();
        tag_command->add_option("VERSION", options_.version, "by default the newest applied one");
    }

    void add_look_commands() {
        CLI::App *drift_command =
            add("drift", "what in the schema is not as the last run left it; exit code 2 when there is any",
                drift);
        drift_command->add_option("--schema", options_.schemas, "only this schema; may be given again");
        CLI::Option *accept = drift_command->add_flag(
            "--accept", options_.accept, "take the schema as it is for the one that is expected");
        CLI::Option *reason =
            drift_command->add_option("--reason", options_.reason, "why it is accepted; kept in the journal");
        accept->needs(reason);
        reason->needs(accept);
        add("check", "for CI: files well-formed and registered, nothing pending, no drift", check)
            ->add_flag("--no-drift", options_.no_drift, "do not look for drift");
        add_target(add("verify", "run the check of each applied migration, where its tool has such (Sqitch)",
                       verify),
                   "up to where: version, tag, name; all by default");
        CLI::App *log_command = add("log", "the journal, newest first", log);
        log_command->add_option("VERSION", options_.version, "of one migration: version or name");
        log_command->add_option("-n,--number", options_.count, "how many events")
            ->capture_default_str()
            ->check(CLI::PositiveNumber);
        add("blame", "which migration made an object what it is", blame)
            ->add_option("OBJECT", options_.name, "as in SQL: orders, orders.note, a function, a type")
            ->required();
    }

    static std::vector<CompletionWord> completion_options(const CLI::App &app) {
        std::vector<CompletionWord> words;
        for (const CLI::Option *option : app.get_options()) {
            for (const std::string &name : option->get_lnames())
                words.push_back(
                    {"--" + name, option->get_description(), option->get_items_expected_max() > 0});
            for (const std::string &name : option->get_snames())
                words.push_back(
                    {"-" + name, option->get_description(), option->get_items_expected_max() > 0});
        }
        return words;
    }

    [[nodiscard]] std::vector<CompletionCommand> completion_commands() const {
        std::vector<CompletionCommand> commands;
        for (const CLI::App *command : app_.get_subcommands([](const CLI::App *) { return true; }))
            commands.push_back(
                {command->get_name(), command->get_description(), completion_options(*command)});
        return commands;
    }

    CLI::App app_{"migrations of a PostgreSQL database with the extension turnstone"};
    Options options_;
    std::vector<std::pair<CLI::App *, Command>> commands_;
    CLI::App *completion_ = nullptr;
    std::string shell_;
};

} // namespace

Arguments read_arguments(int count, char **values) {
    return CommandLine().read(count, values);
}

} // namespace turnstone::cli
