# The time of an operation by the number of entries, ours solid, the engine's own dashed; a panel for each operation.
operations = words_of(2)
panels = words(operations)
eval size(120 + 300 * panels, 420)
set output output

set multiplot
set label 1 'Time by the number of entries' at screen 0.02, screen 0.94 font ',16' textcolor rgb ink
set label 2 'Solid: KVDS. Dashed: the engine from C, for memory a std::map.' at screen 0.02, screen 0.885 \
    textcolor rgb soft
set logscale xy
set xtics ('10k' 1e4, '100k' 1e5, '1M' 1e6, '10M' 1e7)
set xrange [7e3 : 1.5e7]
set format y '%.0s %cs'
set bmargin at screen 0.13
set tmargin at screen 0.74
heading(operation) = operation eq 'view' ? 'opening a view, with one entry' : \
    operation eq 'page' ? '1,000 entries of a scan' : operation
backends = words_of(1)
left = 80.0 / (120 + 300 * panels)
width = 300.0 / (120 + 300 * panels)

do for [panel = 1 : panels] {
    operation = word(operations, panel)
    set lmargin at screen left + (panel - 1) * width
    set rmargin at screen left + panel * width - 70.0 / (120 + 300 * panels)
    set title heading(operation) textcolor rgb ink offset 0, -0.3
    if (panel == 1) { set key at screen 0.98, screen 0.95 right top horizontal maxrows 1 samplen 2 } else { unset key }
    if (panel == 2) { unset label 1; unset label 2 }
    plot for [backend in backends] rows_of(backend, operation) \
            using 3:($4 * 1e-9) with linespoints linewidth 2.5 pointtype 7 pointsize 0.6 \
            linecolor rgb color(backend) title title_of(backend), \
        for [backend in backends] rows_of(backend, operation) \
            using 3:($5 * 1e-9) with linespoints linewidth 1.5 dashtype 2 pointtype 6 pointsize 0.5 \
            linecolor rgb color(backend) notitle
}
unset multiplot
