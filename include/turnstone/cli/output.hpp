// What the client says: lines and tables for people, one JSON document for programs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "turnstone/cli/connection.hpp"

namespace turnstone::cli {

enum class Colour { none, red, green, yellow, blue, faint, bold };

class Output {
  public:
    bool json = false;
    bool quiet = false;
    int verbosity = 0;
    bool colour_out = false; // stdout
    bool colour_err = false; // stderr
    bool bar = false;        // stderr is a terminal that a progress bar may be drawn on

    // Colours where the streams are terminals and nothing forbids it (NO_COLOR, TERM=dumb).
    void look_at_terminal(bool no_colour);

    // A result, on stdout; nothing with --json.
    void line(std::string_view text) const;
    // Something beside the result, on stderr; nothing with --quiet.
    void note(std::string_view text) const;
    // The document, on stdout; nothing without --json.
    void document(const nlohmann::ordered_json &value) const;

    [[nodiscard]] std::string painted(std::string_view text, Colour colour) const {
        return paint(text, colour, colour_out);
    }
    [[nodiscard]] std::string painted_note(std::string_view text, Colour colour) const {
        return paint(text, colour, colour_err);
    }

  private:
    static std::string paint(std::string_view text, Colour colour, bool coloured);
};

// Rows under headings, columns as wide as they need be. An empty heading of an empty column is left out.
class Table {
  public:
    struct Cell {
        std::string text;
        Colour colour = Colour::none;
    };

    explicit Table(std::vector<std::string> headings) : headings_(std::move(headings)) {}
    void add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }
    [[nodiscard]] bool empty() const { return rows_.empty(); }
    void print(const Output &output) const;

  private:
    std::vector<std::string> headings_;
    std::vector<std::vector<Cell>> rows_;
};

// Characters of a UTF-8 text, as wide as a terminal shows most of them.
std::size_t width_of(std::string_view text);
// At most so many characters, an ellipsis for what is cut off.
std::string shortened(std::string_view text, std::size_t width);

// A duration for people: 0.4 ms, 12 ms, 3.2 s, 4 min 10 s.
std::string duration_text(double milliseconds);

// Rows as an array of objects, values by their types.
nlohmann::ordered_json rows_as_json(const Result &result);
// All columns as they are.
void print_rows(const Output &output, const Result &result);

} // namespace turnstone::cli
