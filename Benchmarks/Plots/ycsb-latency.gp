# Latency by the number of tasks, a panel for each workload: solid for the median, dashed and dotted for what is rare.
load here . '/panels.gp'
eval size(panels_width, panels_height)
set output output

set multiplot
set label 1 'YCSB: latency' at screen 0.02, screen 0.955 font ',16' textcolor rgb ink
set label 2 'Solid: p50. Dashed: p99. Dotted: p99.9.' at screen 0.02, screen 0.92 textcolor rgb soft
set format y '%.0s %cs'
stats data using 5 nooutput
low = STATS_min
stats data using 7 nooutput
set yrange [low * 1e-6 / 1.5 : STATS_max * 1e-6 * 1.5]
do for [panel = 1 : panels] {
    workload = word(workloads, panel)
    eval place(panel)
    plot for [backend in backends] rows_of(backend, workload) using 3:($5 * 1e-6) with linespoints \
            linewidth 2.5 pointtype 7 pointsize 0.6 linecolor rgb color(backend) title title_of(backend), \
        for [backend in backends] rows_of(backend, workload) using 3:($6 * 1e-6) with linespoints dashtype 2 \
            linewidth 1.5 pointtype 7 pointsize 0.4 linecolor rgb color(backend) notitle, \
        for [backend in backends] rows_of(backend, workload) using 3:($7 * 1e-6) with linespoints dashtype 3 \
            linewidth 1.5 pointtype 7 pointsize 0.4 linecolor rgb color(backend) notitle
    unset label 1
    unset label 2
}
unset multiplot
