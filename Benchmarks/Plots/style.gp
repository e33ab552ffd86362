# What all plots share: a quiet frame, and the palette of Okabe and Ito, for all eyes.
met = '#0072B2'
short = '#D55E00'
unmarked = '#9AA0A6'
ink = '#333333'
soft = '#666666'
faint = '#DDDDDD'

color(backend) = backend eq 'memory' ? '#CC79A7' : backend eq 'lmdb' ? '#0072B2' : \
    backend eq 'rocksdb' ? '#E69F00' : '#009E73'
title_of(backend) = backend eq 'lmdb' ? 'LMDB' : backend eq 'rocksdb' ? 'RocksDB' : backend eq 'grdb' ? 'GRDB' : backend

# The words of a column, each once, in the order in which they come.
words_of(column) = system(sprintf("cut -f%d '%s' | awk '!seen[$0]++'", column, data))
# The rows that begin with these two words; there may be none.
rows_of(a, b) = sprintf("< awk -F'\\t' '$1 == \"%s\" && $2 == \"%s\"' '%s'", a, b, data)

size(width, height) = sprintf('set terminal svg size %d,%d dynamic font "%s" background "#FFFFFF"', \
    width, height, 'Helvetica,Arial,sans-serif,13')

set encoding utf8
set micro
set datafile separator "\t"
set border 3 linecolor rgb ink
set tics nomirror textcolor rgb ink
set grid linecolor rgb faint linewidth 0.5 linetype 1
set key textcolor rgb ink
