# Panels for the workloads of YCSB, three in a row.
workloads = system(sprintf("cut -f2 '%s' | sort -u", data))
backends = words_of(1)
panels = words(workloads)
across = panels < 3 ? panels : 3
down = (panels + 2) / 3
panels_width = 90 + 290.0 * across
panels_height = 80 + 260.0 * down

what(workload) = workload eq 'A' ? 'half updates' : workload eq 'B' ? '5 % updates' : workload eq 'C' ? 'reads' : \
    workload eq 'D' ? 'reads of the newest' : workload eq 'E' ? 'short scans' : 'read, modify, write'

# Where panel `i` is, its title, and the key in the first.
left(i) = (80 + 290.0 * ((i - 1) % 3)) / panels_width
under(i) = 1 - (100 + 260.0 * ((i - 1) / 3)) / panels_height
place(i) = sprintf("set lmargin at screen %f; set rmargin at screen %f; ", left(i), left(i) + 225 / panels_width) \
    . sprintf("set tmargin at screen %f; set bmargin at screen %f; ", under(i), under(i) - 180 / panels_height) \
    . sprintf("set title '%s: %s'; ", word(workloads, i), what(word(workloads, i))) . (i == 1 ? 'set key' : 'unset key')

set logscale xy
set logscale x 2
set xtics (1, 8, 64, 256)
set xrange [0.8 : 330]
set xlabel 'tasks' textcolor rgb ink offset 0, 0.6
set title textcolor rgb ink offset 0, -0.4
set key at screen 0.98, screen 0.97 right top horizontal maxrows 1 samplen 2
