exports.up = pgm => {}
