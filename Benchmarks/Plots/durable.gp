# Durable commits a second, by the number of tasks that make them; dashed, the C loop that syncs each.
eval size(760, 430)
set output output

set label 1 'Durable sets a second' at screen 0.02, screen 0.945 font ',16' textcolor rgb ink
set label 2 'Dashed: C, one thread, each write committed and synced.' at screen 0.02, screen 0.89 textcolor rgb soft
set logscale xy
set logscale x 2
set xlabel 'tasks' textcolor rgb ink
set ylabel 'sets a second' textcolor rgb ink
set xtics (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, '1,024' 1024)
set format y '%.0s %c'
set xrange [0.85 : 1200]
set lmargin at screen 0.11
set rmargin at screen 0.96
set tmargin at screen 0.83
set bmargin at screen 0.14
set key at screen 0.96, screen 0.97 right top maxrows 2 samplen 3
backends = words_of(1)
ours(backend) = sprintf("< awk -F'\\t' '$1 == \"%s\" && $2 > 0' '%s'", backend, data)
loop(backend) = int(system(sprintf( \
    "awk -F'\\t' '$1 == \"%s\" && $2 == 0 { loop = $3 } END { printf \"%%d\", loop }' '%s'", backend, data)))
looped = system(sprintf("awk -F'\\t' '$2 == 0 { print $1 }' '%s'", data))

plot for [backend in backends] ours(backend) using 2:3 with linespoints linewidth 2.5 \
        pointtype 7 pointsize 0.7 linecolor rgb color(backend) title title_of(backend), \
    for [backend in looped] [x = 0.85 : 1200] loop(backend) with lines dashtype 2 linewidth 1.5 \
        linecolor rgb color(backend) notitle
