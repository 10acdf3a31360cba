//! Draws runs side by side on one scale, as an SVG for light and dark pages.

use std::io;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::sample::{BEFORE, Run, Sample};

/// What can be drawn on: an SVG in memory, measured in pixels.
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn = Result<(), DrawingAreaErrorKind<io::Error>>;

/// A colour on a light page, and the one that replaces it on a dark page.
type Ink = (RGBColor, &'static str);

const PAPER: Ink = (RGBColor(0xFF, 0xFF, 0xFF), "#0D1117");
const TEXT: Ink = (RGBColor(0x1F, 0x23, 0x28), "#F0F6FC");
const WARNING: Ink = (RGBColor(0xB4, 0x23, 0x18), "#FF8A80");
const GRID: Ink = (RGBColor(0xE1, 0xE5, 0xEA), "#262C35");
const MARK: Ink = (RGBColor(0x5A, 0x64, 0x6F), "#9299A2");
const MEAN: Ink = (RGBColor(0x8C, 0x95, 0x9F), "#8B949E");

/// A colour for each core, of Okabe and Ito, whose colours colour-blind people can tell apart. The
/// dashes let the curve below show through where two loads are equal.
const CORES: [(&str, RGBColor, &str); 4] = [
    ("core 0", RGBColor(0x00, 0x72, 0xB2), "none"),
    ("core 1", RGBColor(0xD5, 0x5E, 0x00), "7 7"),
    ("core 2", RGBColor(0x00, 0x9E, 0x73), "2 6"),
    ("core 3", RGBColor(0xCC, 0x79, 0xA7), "12 6 2 6"),
];

/// Draws the runs as an SVG document.
pub fn draw(runs: &[Run]) -> String {
    let mut svg = String::new();
    let size = (470 * (runs.len() as u32).max(2), 410);
    let drawn = draw_on(&SVGBackend::with_string(&mut svg, size).into_drawing_area(), runs);
    drawn.expect("writing to a string cannot fail");

    let about = |run: &Run| {
        let warning = warning(run).map_or(String::new(), |warning| format!(", {warning}"));
        format!("{}: {}{warning}.\n", run.title, run.summary())
    };
    let about: String = runs.iter().map(about).collect();
    let about = about.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let sheet = style_sheet();
    let (start, rest) = svg.split_once(">\n").expect("an SVG begins with a tag");
    format!(
        "{start} role=\"img\">\n<title>How busy each core was</title>\n\
         <desc>{about}</desc>\n<style>\n{sheet}</style>\n{rest}"
    )
}

fn draw_on(root: &Area<'_>, runs: &[Run]) -> Drawn {
    root.fill(&PAPER.0)?;
    let (panels, legend) = root.split_vertically(380);
    let end = runs.iter().flat_map(|run| &run.samples).fold(0.0, |end, sample| sample.to.max(end));
    for (run, panel) in runs.iter().zip(panels.split_evenly((1, runs.len()))) {
        draw_panel(run, &panel, end)?;
    }
    let mut curves = curves(runs[0].cores);
    curves.dedup_by(|(one, _), (other, _)| one == other);
    let left = (root.dim_in_pixel().0 as i32 - 100 * curves.len() as i32) / 2;
    for (x, (name, style)) in (left..).step_by(100).zip(curves) {
        legend.draw(&PathElement::new([(x, 12), (x + 30, 12)], style))?;
        legend.draw_text(name, &letters(13, &TEXT, HPos::Left), (x + 36, 6))?;
    }
    root.present()
}

fn draw_panel(run: &Run, area: &Area<'_>, end: f64) -> Drawn {
    let middle = area.dim_in_pixel().0 as i32 / 2 + 25;
    area.draw_text(&run.title, &letters(15, &TEXT, HPos::Center), (middle, 10))?;
    area.draw_text(&run.summary(), &letters(13, &TEXT, HPos::Center), (middle, 31))?;
    if let Some(warning) = warning(run) {
        area.draw_text(&warning, &letters(13, &WARNING, HPos::Center), (middle, 49))?;
    }
    let mut chart = ChartBuilder::on(area)
        .margin(18)
        .margin_top(66)
        .set_label_area_size(LabelAreaPosition::Left, 50)
        .set_label_area_size(LabelAreaPosition::Bottom, 46)
        // The space above 100 % is for the words at the marks.
        .build_cartesian_2d(-BEFORE.as_secs_f64()..end, -2.0..112.0)?;
    let mut mesh = chart.configure_mesh();
    mesh.disable_x_mesh().light_line_style(TRANSPARENT).bold_line_style(GRID.0).axis_style(MEAN.0);
    mesh.label_style(letters(12, &TEXT, HPos::Center));
    // Without the sum a number just below 0 would be written as -0.
    let tenths = |number: &f64| format!("{}", (number * 10.0).round() / 10.0 + 0.0);
    mesh.x_desc("seconds since the start").x_label_formatter(&tenths);
    mesh.y_desc("load of a core, in %").y_label_formatter(&tenths);
    mesh.draw()?;

    let marks = [(0.0, "start", HPos::Right, -4), (run.seconds, "end", HPos::Left, 4)];
    for (time, word, side, gap) in marks {
        let line = [(time, -2.0), (time, 112.0)];
        chart.draw_series([PathElement::new(line, MARK.0.stroke_width(2))])?;
        let word = Text::new(word, (gap, 1), letters(12, &TEXT, side));
        chart.draw_series([EmptyElement::at((time, 112.0)) + word])?;
    }
    for (number, (_, style)) in curves(run.cores).into_iter().enumerate() {
        let percent = |sample: &Sample| match number {
            0 => sample.loads.iter().sum::<f64>() / run.cores as f64 * 100.0,
            core => sample.loads[core - 1] * 100.0,
        };
        let step = |sample: &Sample| [sample.from, sample.to].map(|time| (time, percent(sample)));
        let points = run.samples.iter().flat_map(step);
        chart.draw_series(LineSeries::new(points, style))?;
    }
    Ok(())
}

/// The name and the style of each curve. The mean is wide and below the others, so that it hides
/// none of them. If there are more cores than colours, all cores look alike.
fn curves(cores: usize) -> Vec<(&'static str, ShapeStyle)> {
    let curve = |core: usize| match CORES.get(core) {
        Some((name, colour, _)) if cores <= CORES.len() => (*name, colour.stroke_width(2)),
        _ => ("each core", CORES[0].1.stroke_width(1)),
    };
    [("mean", MEAN.0.stroke_width(6))].into_iter().chain((0..cores).map(curve)).collect()
}

fn letters(size: u32, ink: &Ink, side: HPos) -> TextStyle<'static> {
    // The back end divides the size by this factor.
    let font = ("sans-serif", f64::from(size) * 1.24).into_font();
    font.color(&ink.0).pos(Pos::new(side, VPos::Top))
}

fn warning(run: &Run) -> Option<String> {
    let text = |others| format!("proves nothing: other programs kept {others:.1} cores busy");
    run.others.map(text)
}

/// What `plotters` cannot say: the dashes, and the colours of a dark page.
fn style_sheet() -> String {
    let dashes = CORES.iter().chain(&[("", MARK.0, "2 3")]).map(|(_, colour, dashes)| {
        format!("polyline[stroke=\"{}\"]{{stroke-dasharray:{dashes}}}\n", hex(colour))
    });
    let dark =
        [PAPER, TEXT, WARNING, GRID, MARK, MEAN, (CORES[0].1, "#56B4E9")].map(|(light, dark)| {
            let light = hex(&light);
            format!("[fill=\"{light}\"]{{fill:{dark}}}\n[stroke=\"{light}\"]{{stroke:{dark}}}\n")
        });
    let dashes: String = dashes.collect();
    format!("{dashes}@media (prefers-color-scheme:dark){{\n{}}}\n", dark.concat())
}

fn hex(RGBColor(red, green, blue): &RGBColor) -> String {
    format!("#{red:02X}{green:02X}{blue:02X}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A run on two cores, of which only the first was busy.
    fn run(title: &str, seconds: u32, others: Option<f64>) -> Run {
        let sample = |from: f64| Sample { from, to: from + 1.0, loads: vec![1.0, 0.0] };
        let samples = (0..=seconds).map(f64::from).map(sample).collect();
        let (title, seconds) = (title.to_owned(), f64::from(seconds));
        Run { title, seconds, cores: 2, busy: 1.0, others, samples }
    }

    #[test]
    fn the_panels_have_one_scale() {
        let svg = draw(&[run("short", 10, None), run("long", 30, None)]);
        let mark = format!("stroke=\"{}\" stroke-width=\"2\"", hex(&MARK.0));
        let marks = svg.lines().filter(|line| line.contains(&mark));
        let x = |line: &str| line.split_once("points=\"")?.1.split(',').next()?.parse().ok();
        let marks: Vec<f64> = marks.filter_map(x).collect();
        let [start, end, start_2, end_2] = marks[..] else { panic!("{marks:?}") };
        assert!(((end_2 - start_2) / (end - start) - 3.0).abs() < 0.1, "{marks:?}");
        assert!((start_2 - start - 470.0).abs() < 2.0, "{marks:?}");
    }

    #[test]
    fn a_picture_says_what_it_shows() {
        let svg = draw(&[run("its 'a<b'", 10, None), run("other", 5, Some(1.2))]);
        for part in [
            "<desc>its 'a&lt;b': 10.00 s, 1.0 of 2 cores busy.\n",
            "\nother: 5.00 s, 1.0 of 2 cores busy, proves nothing: ",
            "\nits &apos;a&lt;b&apos;\n",
            "\nproves nothing: other programs kept 1.2 cores busy\n",
            "\ncore 1\n",
        ] {
            assert!(svg.contains(part), "{part} is missing in {svg}");
        }
        // Once in the description and once in the panel.
        assert_eq!(svg.matches("proves nothing").count(), 2, "{svg}");
    }
}
