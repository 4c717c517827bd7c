# KerasTuner has a chief process, which runs no trials, and workers; each knows the others by the environment.
export KERASTUNER_ORACLE_IP=127.0.0.1
export KERASTUNER_ORACLE_PORT=8000
KERASTUNER_TUNER_ID=chief python several_workers.py &
for worker in 1 2 3 4; do KERASTUNER_TUNER_ID="tuner$worker" python several_workers.py & done
wait
