-- The table and the targets, from lines "round, table, trigger, ns of CPU a row, ns a row" in the file :results.
SET client_min_messages = error;
CREATE TEMP TABLE result (round int, shape text, variant text, cpu float8, wall float8);
\set copy 'COPY result FROM ' :'results'
:copy;
CREATE TEMP VIEW added AS
    SELECT r.shape, r.variant, min(r.cpu) AS cpu, min(r.cpu) - min(n.cpu) AS minimum,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY r.cpu - n.cpu) AS median, min(r.wall) AS wall
      FROM result r JOIN result n ON n.round = r.round AND n.shape = r.shape AND n.variant = 'none'
     GROUP BY r.shape, r.variant;
SELECT (SELECT count(DISTINCT round) FROM result) AS rounds, split_part(version(), ' ', 2) AS postgresql;
SELECT a.shape AS "table", a.variant AS trigger, a.cpu::numeric(9,0) AS "CPU ns/row, min", a.wall::numeric(9,0) AS "wall ns/row, min",
       nullif(a.minimum, 0)::numeric(9,0) AS "added, min", nullif(a.median, 0)::numeric(9,0) AS "added, median",
       CASE WHEN a.variant <> 'none' THEN (a.minimum / e.minimum)::numeric(9,2) END AS "x empty"
  FROM added a JOIN added e ON e.shape = a.shape AND e.variant = 'empty'
 ORDER BY a.shape, a.minimum;
WITH target(variant, at_most) AS (VALUES ('empty', 1.15), ('plpgsql', 0.35), ('moddatetime', 0.65))
SELECT 'added CPU of turnstone, x ' || target.variant AS target, t.shape AS "table", at_most AS "at most",
       (t.minimum / o.minimum)::numeric(9,2) AS "of minima", (t.median / o.median)::numeric(9,2) AS "of medians",
       CASE WHEN t.minimum / o.minimum <= at_most THEN 'pass' ELSE 'MISS' END AS result
  FROM target JOIN added o ON o.variant = target.variant JOIN added t ON t.shape = o.shape AND t.variant = 'turnstone'
 ORDER BY at_most DESC, 2;
