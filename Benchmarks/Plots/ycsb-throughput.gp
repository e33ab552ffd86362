# Operations a second by the number of tasks, a panel for each workload.
load here . '/panels.gp'
eval size(panels_width, panels_height)
set output output

set multiplot
set label 1 'YCSB: operations a second' at screen 0.02, screen 0.955 font ',16' textcolor rgb ink
set format y '%.0s %c'
stats data using 4 nooutput
set yrange [STATS_min / 1.5 : STATS_max * 1.5]
do for [panel = 1 : panels] {
    workload = word(workloads, panel)
    eval place(panel)
    plot for [backend in backends] rows_of(backend, workload) using 3:4 with linespoints \
        linewidth 2.5 pointtype 7 pointsize 0.6 linecolor rgb color(backend) title title_of(backend)
    unset label 1
}
unset multiplot
