//! How busy each core was, drawn as an SVG.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io;
use std::path::Path;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::runner::load::figures::Figures;
use crate::runner::load::sample::{EVERY, SPAN};
use crate::runner::load::{AFTER, BEFORE, Ending, Watched};
use crate::runner::{Trouble, draft_of, write_whole};

/// What can be drawn on: an SVG in memory, in pixels.
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// A colour on a light page, and the same thing's on a dark page. Each is used for one thing only,
/// so that the style sheet can find it.
struct Ink {
    light: RGBColor,
    dark: &'static str,
}

const PAPER: Ink = Ink { light: RGBColor(0xFF, 0xFF, 0xFF), dark: "#0D1117" };
const TEXT: Ink = Ink { light: RGBColor(0x1F, 0x23, 0x28), dark: "#F0F6FC" };
const MEAN: Ink = Ink { light: RGBColor(0x8C, 0x95, 0x9F), dark: "#8B949E" };
const FRAME: Ink = Ink { light: RGBColor(0x59, 0x63, 0x6E), dark: "#9198A1" };
const GRID: Ink = Ink { light: RGBColor(0xE1, 0xE5, 0xEA), dark: "#262C35" };
const MARK: Ink = Ink { light: RGBColor(0x5A, 0x64, 0x6F), dark: "#9299A2" };

/// Colours of Okabe and Ito, which colour-blind people tell apart, those first that stand out on
/// white and on black; and the dashes of their curves, as equal loads would hide all but the last
/// one.
const CURVES: [(RGBColor, &str); 6] = [
    (RGBColor(0x00, 0x72, 0xB2), "none"),
    (RGBColor(0xD5, 0x5E, 0x00), "7 7"),
    (RGBColor(0x00, 0x9E, 0x73), "2 6"),
    (RGBColor(0xCC, 0x79, 0xA7), "12 6 2 6"),
    (RGBColor(0xE6, 0x9F, 0x00), "4 10"),
    (RGBColor(0x56, 0xB4, 0xE9), "1 4"),
];

/// Pixels. A panel shows this much of time in its width, the legend a core in this much.
const PANEL: u32 = 470;
const ONE_PANEL: u32 = 760;
const HEIGHT: u32 = 360;
const TITLE: u32 = 36;
const LEGEND_ROW: u32 = 22;
const LEGEND_COLUMN: u32 = 92;
/// What the words "start" and "end" take beside each other, and a letter of a panel's title.
const WORDS: i32 = 65;
const TITLE_LETTER: usize = 9;

/// A machine with more cores than this has one entry for all of them in the legend.
const MANY: usize = 24;

/// Draws runs side by side on the same scale, as an SVG document that fits a light and a dark page.
///
/// # Panics
/// Never: there is no file, and every text fits a string.
pub fn picture(runs: &[Watched]) -> String {
    let cores = runs.iter().map(Watched::cores).max().unwrap_or(0);
    let longest = runs.iter().map(|run| run.seconds).fold(0.0, f64::max);
    let span = -BEFORE.as_secs_f64()..longest + AFTER.as_secs_f64();
    let panels = runs.len().max(1) as u32;
    let width = if panels == 1 { ONE_PANEL } else { panels * PANEL };
    let legend = Legend::of(cores, width);
    let height = TITLE + HEIGHT + legend.height();
    let title = format!("How busy each core was ({})", cores_in_words(cores));

    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, (width, height)).into_drawing_area();
        let drawn = root
            .fill(&PAPER.light)
            .and_then(|()| {
                let at = (width as i32 / 2, 12);
                root.draw(&Text::new(title.clone(), at, style(18, &TEXT, HPos::Center, VPos::Top)))
            })
            .and_then(|()| {
                let (_, below) = root.split_vertically(TITLE);
                let (charts, rest) = below.split_vertically(HEIGHT);
                for (number, (run, area)) in
                    runs.iter().zip(charts.split_evenly((1, panels as usize))).enumerate()
                {
                    panel(run, &area, span.clone(), number == 0)?;
                }
                legend.draw(&rest)
            })
            .and_then(|()| root.present());
        drawn.expect("a string can always be written");
    }
    dress(&svg, &title, runs)
}

/// Draws runs, as [`picture`] does, into a file.
///
/// # Errors
/// When the file cannot be written.
pub fn save(file: &Path, runs: &[Watched]) -> Result<(), Trouble> {
    write_whole(file, &picture(runs)).map_err(|error| Trouble::with("write", file, &error))
}

/// Finds out whether a picture could be saved, as the examples need not run if it cannot.
///
/// # Errors
/// When the file cannot be written.
pub fn check_writable(file: &Path) -> Result<(), Trouble> {
    let failed = |error: io::Error| Trouble::with("write", file, &error);
    if file.is_dir() {
        return Err(failed(io::ErrorKind::IsADirectory.into()));
    }
    if file.as_os_str() == "-" {
        let error = "the words are on standard output; name a file";
        return Err(failed(io::Error::new(io::ErrorKind::InvalidInput, error)));
    }
    // A device or a pipe may have to wait for a reader.
    if file.metadata().is_ok_and(|there| !there.is_file()) {
        return Ok(());
    }
    if let Some(folder) = file.parent()
        && !folder.as_os_str().is_empty()
        && !folder.exists()
    {
        let error = format!("there is no folder `{}`", folder.display());
        return Err(failed(io::Error::new(io::ErrorKind::NotFound, error)));
    }
    let draft = draft_of(file);
    File::create(&draft).and_then(|_| fs::remove_file(&draft)).map_err(failed)
}

/// Nothing is wrong with drawing on a string, but the types say that something could be.
type Drawn = Result<(), DrawingAreaErrorKind<io::Error>>;

fn panel(run: &Watched, area: &Area<'_>, span: std::ops::Range<f64>, first: bool) -> Drawn {
    let (width, _) = area.dim_in_pixel();
    let middle = width as i32 / 2 + 12;
    let title = shortened(&run.title, width as usize / TITLE_LETTER);
    area.draw(&Text::new(title, (middle, 4), bold(15, &TEXT)))?;
    let words = caption(run);
    area.draw(&Text::new(words, (middle, 25), style(13, &TEXT, HPos::Center, VPos::Top)))?;

    let (_, area) = area.split_vertically(42);
    let mut chart = ChartBuilder::on(&area)
        .margin_right(14)
        .margin_left(4)
        .set_label_area_size(LabelAreaPosition::Left, 58)
        .set_label_area_size(LabelAreaPosition::Bottom, 46)
        // The room above 100 is for the words of the marks.
        .build_cartesian_2d(span, -2.0..112.0)?;
    let mut mesh = chart.configure_mesh();
    mesh.disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(GRID.light)
        .axis_style(FRAME.light)
        .label_style(style(12, &TEXT, HPos::Left, VPos::Top))
        .axis_desc_style(style(13, &TEXT, HPos::Center, VPos::Top))
        .x_labels(8)
        .y_labels(6)
        .x_label_formatter(&|seconds| format!("{seconds:.1}").trim_end_matches(".0").to_owned())
        .y_label_formatter(&|percent| format!("{percent:.0}"))
        .x_desc("seconds since the start");
    if first {
        mesh.y_desc("load of a core, in %");
    }
    mesh.draw()?;

    // The words stand within the run, unless it is too short for both.
    let pixel = |time: f64| chart.backend_coord(&(time, 0.0)).0;
    let has_room = pixel(run.seconds) - pixel(0.0) > WORDS;
    let (side, gap) = if has_room { (HPos::Right, -5) } else { (HPos::Left, 5) };
    for (time, word, side, gap) in [(0.0, "start", HPos::Left, 5), (run.seconds, "end", side, gap)]
    {
        let line = [(time, -2.0), (time, 112.0)];
        chart.draw_series([PathElement::new(line, MARK.light.stroke_width(2))])?;
        let label = EmptyElement::at((time, 112.0))
            + Text::new(word, (gap, 1), style(12, &TEXT, side, VPos::Top));
        chart.draw_series([label])?;
    }

    // The mean is wide and below the others, so that it hides none of them.
    let points = |load: &dyn Fn(&super::Sample) -> f64| {
        run.samples.iter().map(|one| (one.middle(), load(one) * 100.0)).collect::<Vec<_>>()
    };
    let mean = points(&super::Sample::mean);
    chart.draw_series(LineSeries::new(mean, MEAN.light.stroke_width(6)))?;
    let thin = run.cores() > MANY;
    for core in 0..run.cores() {
        let curve = points(&|sample| sample.loads.get(core).copied().unwrap_or(0.0));
        chart.draw_series(LineSeries::new(curve, stroke(core, thin)))?;
    }
    Ok(())
}

/// A text of at most so many letters.
fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

/// What a run comes to, in a line.
fn caption(run: &Watched) -> String {
    let mut text = String::new();
    if let Some(Figures { busy, cores, example, .. }) = Figures::of(run) {
        let _ = write!(text, "{busy:.1} of {cores} cores busy");
        if let Some(example) = example {
            let _ = write!(text, ", {example:.1} of them by this example");
        }
        text += "; ";
    }
    let _ = write!(text, "{:.1} s", run.seconds);
    text += match run.ending {
        _ if run.is_cut_off() => ", cut off",
        Ending::Badly { .. } => ", ended badly",
        _ => "",
    };
    text
}

fn stroke(core: usize, thin: bool) -> ShapeStyle {
    CURVES[core % CURVES.len()].0.stroke_width(if thin { 1 } else { 2 })
}

/// Letters of this size in pixels.
fn style(size: u32, ink: &Ink, horizontal: HPos, vertical: VPos) -> TextStyle<'static> {
    font(size).color(&ink.light).pos(Pos::new(horizontal, vertical))
}

fn bold(size: u32, ink: &Ink) -> TextStyle<'static> {
    let font = font(size).style(FontStyle::Bold);
    font.color(&ink.light).pos(Pos::new(HPos::Center, VPos::Top))
}

fn font(size: u32) -> FontDesc<'static> {
    // The back end takes the size for the height of a line, and letters for a part of it.
    ("sans-serif", f64::from(size) * 1.24).into_font()
}

/// What each curve is.
struct Legend {
    entries: Vec<(ShapeStyle, String)>,
    columns: usize,
}

impl Legend {
    fn of(cores: usize, width: u32) -> Self {
        let mut entries = vec![(MEAN.light.stroke_width(6), "mean".to_owned())];
        if cores > MANY {
            entries.push((stroke(0, true), format!("each of {cores} cores")));
        } else {
            entries.extend((0..cores).map(|core| (stroke(core, false), format!("core {core}"))));
        }
        let columns = ((width - 40) / LEGEND_COLUMN).max(1) as usize;
        Self { columns: columns.min(entries.len()), entries }
    }

    fn height(&self) -> u32 {
        self.entries.len().div_ceil(self.columns) as u32 * LEGEND_ROW + 10
    }

    fn draw(&self, area: &Area<'_>) -> Drawn {
        let (width, _) = area.dim_in_pixel();
        let left = (width as i32 - (self.columns * LEGEND_COLUMN as usize) as i32) / 2;
        for (number, (stroke, name)) in self.entries.iter().enumerate() {
            let x = left + (number % self.columns * LEGEND_COLUMN as usize) as i32;
            let y = (number / self.columns * LEGEND_ROW as usize) as i32 + 10;
            area.draw(&PathElement::new([(x, y), (x + 30, y)], *stroke))?;
            let style = style(13, &TEXT, HPos::Left, VPos::Center);
            area.draw(&Text::new(name.clone(), (x + 36, y), style))?;
        }
        Ok(())
    }
}

/// Adds what `plotters` cannot say: a title for those who do not see the picture, the dashes, and
/// the colours of a dark page.
fn dress(svg: &str, title: &str, runs: &[Watched]) -> String {
    let mut style = String::new();
    for (colour, dashes) in &CURVES[1..] {
        let _ =
            writeln!(style, "polyline[stroke=\"{}\"]{{stroke-dasharray:{dashes}}}", hex(colour));
    }
    let mark = hex(&MARK.light);
    let _ = writeln!(style, "polyline[stroke=\"{mark}\"]{{stroke-dasharray:2 3}}");
    let _ = writeln!(style, "@media (prefers-color-scheme:dark){{");
    for ink in [PAPER, TEXT, MEAN, FRAME, GRID, MARK] {
        let (light, dark) = (hex(&ink.light), ink.dark);
        let _ = writeln!(style, "[fill=\"{light}\"]{{fill:{dark}}}");
        let _ = writeln!(style, "[stroke=\"{light}\"]{{stroke:{dark}}}");
    }
    style += "}\n";

    let runs: Vec<String> =
        runs.iter().map(|run| format!("{}: {}.", run.title, caption(run))).collect();
    let head = format!(
        "<title>{}</title>\n<desc>{} A sample every {} s, each the mean of {} s.</desc>\n\
         <style>\n{style}</style>\n",
        escape(title),
        escape(&runs.join(" ")),
        EVERY.as_secs_f64(),
        SPAN.as_secs_f64()
    );
    let (start, rest) = svg.split_once(">\n").unwrap_or((svg, ""));
    format!("{start} role=\"img\">\n{head}{rest}")
}

fn hex(RGBColor(red, green, blue): &RGBColor) -> String {
    format!("#{red:02X}{green:02X}{blue:02X}")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn cores_in_words(cores: usize) -> String {
    if cores == 1 { "1 core".to_owned() } else { format!("{cores} cores") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runner::load::tests::watched;

    /// The points of all curves of this colour.
    fn curves(svg: &str, colour: RGBColor) -> Vec<Vec<(i32, i32)>> {
        let stroke = format!("stroke=\"{}\"", hex(&colour));
        svg.lines()
            .filter(|line| line.starts_with("<polyline") && line.contains(&stroke))
            .map(|line| {
                let points = line.split("points=\"").nth(1).unwrap().split('"').next().unwrap();
                let point = |text: &str| {
                    let (x, y) = text.split_once(',').unwrap();
                    (x.parse().unwrap(), y.parse().unwrap())
                };
                points.split_whitespace().map(point).collect()
            })
            .collect()
    }

    #[test]
    fn panels_stand_side_by_side_on_one_scale() {
        let short = watched("short", &[[1.0, 1.0]; 10]);
        let long = watched("long", &[[1.0, 0.0]; 30]);
        let svg = picture(&[short, long]);
        let marks = curves(&svg, MARK.light);
        let [from, to, from_2, to_2]: [_; 4] = marks.try_into().unwrap();
        let x = |mark: &[(i32, i32)]| f64::from(mark[0].0);
        let ratio = (x(&to_2) - x(&from_2)) / (x(&to) - x(&from));
        assert!((ratio - 3.0).abs() < 0.1, "{ratio}");
        assert!((x(&from_2) - x(&from) - f64::from(PANEL)).abs() < 2.0);

        // Two panels and the legend.
        let first = curves(&svg, CURVES[0].0);
        assert_eq!(first.iter().map(Vec::len).collect::<Vec<_>>(), [23, 43, 2]);
        // A full load is as high in both.
        let top = |curve: &[(i32, i32)]| curve.iter().map(|point| point.1).min();
        assert_eq!(top(&first[0]), top(&first[1]));
        assert_eq!(curves(&svg, MEAN.light).len(), 3);
    }

    #[test]
    fn a_picture_says_what_it_shows() {
        let svg = picture(&[watched("its 'a<b'", &[[1.0, 0.5]; 10])]);
        assert!(svg.starts_with("<svg "), "{svg}");
        assert!(svg.ends_with("</svg>\n"), "{svg}");
        for part in [
            "<title>How busy each core was (2 cores)</title>",
            "<desc>its 'a&lt;b': 1.5 of 2 cores busy, 1.4 of them by this example; 1.0 s.",
            "its &apos;a&lt;b&apos;",
            "seconds since the start",
            "load of a core, in %",
            "\nstart\n",
            "\nend\n",
            "\nmean\n",
            "\ncore 0\n",
            "\ncore 1\n",
            "prefers-color-scheme:dark",
        ] {
            assert!(svg.contains(part), "{part} is missing in {svg}");
        }
    }

    /// Beside a long run the words of a short one have no room within it.
    #[test]
    fn a_short_run_has_its_words_side_by_side() {
        let short = watched("short", &[[1.0, 1.0]; 5]);
        let long = watched("long", &[[1.0, 0.0]; 100]);
        let svg = picture(&[short, long]);
        let ends: Vec<&str> = svg.split("<text ").filter(|text| text.contains("\nend\n")).collect();
        assert!(ends[0].contains("text-anchor=\"start\""), "{ends:?}");
        assert!(ends[1].contains("text-anchor=\"end\""), "{ends:?}");
    }

    #[test]
    fn what_is_long_or_cut_off_is_shown_as_such() {
        let mut run = watched(&"long ".repeat(40), &[[1.0, 0.5]; 10]);
        run.ending = Ending::Time;
        let svg = picture(&[run]);
        assert!(svg.contains(" long lon…\n"), "{svg}");
        assert!(svg.contains("by this example; 1.0 s, cut off\n"), "{svg}");
    }

    #[test]
    fn many_cores_share_an_entry() {
        let mut run = watched("its", &[[1.0, 0.5]; 10]);
        for sample in &mut run.samples {
            sample.loads = vec![0.5; 64];
        }
        let svg = picture(&[run]);
        assert!(svg.contains("\neach of 64 cores\n"), "{svg}");
        assert!(!svg.contains("\ncore 0\n"), "{svg}");
    }

    #[test]
    fn each_colour_is_used_for_one_thing() {
        let mut all: Vec<String> = (CURVES.iter())
            .map(|(colour, _)| hex(colour))
            .chain([PAPER, TEXT, MEAN, FRAME, GRID, MARK].map(|ink| hex(&ink.light)))
            .collect();
        all.sort();
        let count = all.len();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
