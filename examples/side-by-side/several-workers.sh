# Every process takes trials from the same journal.
for worker in 1 2 3 4; do node several-workers.js & done
wait
