# A bar for each ratio, from 1 outwards, with the spread over the rounds and the mark.
# What `field` and the marks reach beyond 1, in that direction.
reach(field, comparison) = real(system(sprintf("awk -F'\\t' -v best=1 '\
    { if ($%d + 0 %s best) best = $%d; if ($5 != \"NaN\" && $5 + 0 %s best) best = $5 } END { print best }' '%s'", \
    field, comparison, field, comparison, data)))
rows = int(system(sprintf("wc -l < '%s'", data)))
marks = int(system(sprintf("awk -F'\\t' '$5 != \"NaN\"' '%s' | wc -l", data)))
low = reach(3, '<')
high = reach(4, '>')
top = 96.0
bottom = 34.0
height = top + bottom + 22 * rows
longest = int(system(sprintf("awk -F'\\t' 'length($1) > n { n = length($1) } END { print n }' '%s'", data)))
names = 30.0 + 6.8 * (longest < 46 ? 46 : longest)
width = names + 500
eval size(width, height)
set output output

set label 1 heading at screen (18 / width), screen (1 - 24 / height) font ',16' textcolor rgb ink
set label 2 note at screen (18 / width), screen (1 - 46 / height) textcolor rgb soft
set logscale x
set yrange [rows - 0.4 : -0.6]
set xrange [low / 1.1 : high * 1.1]
set xtics ('0.01' 0.01, '0.02' 0.02, '0.05' 0.05, '0.1' 0.1, '0.2' 0.2, '0.5' 0.5, '1' 1, '2' 2, '5' 5, \
    '10' 10, '20' 20, '50' 50, '100' 100, '200' 200)
set ytics scale 0 noenhanced
set grid xtics noytics
set lmargin at screen (names / width)
set rmargin at screen (1 - 80 / width)
set tmargin at screen (1 - top / height)
set bmargin at screen (bottom / height)
set border 1
set key at screen (1 - 18 / width), screen (1 - 34 / height) right top horizontal maxrows 2 samplen 1.2 width 1
set arrow 1 from 1, graph 0 to 1, graph 1 nohead linecolor rgb ink linewidth 1 front
half = 0.32
picked(word) = strcol(6) eq word ? 1 : NaN
shown(value) = value < 0.1 ? sprintf('%.3f', value) : value < 10 ? sprintf('%.2f', value) : sprintf('%.1f', value)
words = words_of(6)

plot for [kind in words] data using (picked(kind)):0:(1):2:($0 - half):($0 + half):ytic(1) \
        with boxxyerror fillstyle solid 0.85 noborder \
        linecolor rgb (kind eq 'ok' ? met : kind eq 'short' ? short : unmarked) \
        title (kind eq 'ok' ? 'mark met' : kind eq 'short' ? 'short of the mark' : 'no mark'), \
    data using 3:0:($4 - $3):(0) with vectors nohead linecolor rgb ink linewidth 1.5 title 'spread', \
    data using 5:($0 - half - 0.1):(0):(2 * half + 0.2) with vectors nohead linecolor rgb '#000000' linewidth 3 \
        title (marks > 0 ? 'mark' : ''), \
    data using (high * 1.1):0:(shown($2)) with labels left offset 1, 0 textcolor rgb ink notitle
