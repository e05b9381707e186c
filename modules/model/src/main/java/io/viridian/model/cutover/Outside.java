package io.viridian.model.cutover;

/**
 * What the world still has in store.
 *
 * @param orders switches that the operator may still order, in whichever direction is due
 * @param writes transactions that applications may still begin
 * @param committed how many they have committed
 * @param mishaps crashes, lost answers, lost sessions
 * @param takeOvers times a daemon may take over from one that is alive
 * @param failOvers times a standby may be promoted
 * @param returns whether a daemon that is gone comes back
 * @param alarm raised by what must not happen between two states
 */
record Outside(
        int orders,
        int writes,
        int committed,
        int mishaps,
        int takeOvers,
        int failOvers,
        boolean returns,
        Alarm alarm) {
    /** What only a step can show. */
    enum Alarm {
        NONE,
        APPLIED_TWICE
    }

    /** Nothing happens but what was ordered. */
    static Outside ordered(int orders) {
        return new Outside(orders, 0, 0, 0, 0, 0, true, Alarm.NONE);
    }

    Outside writing(int transactions) {
        return new Outside(orders, transactions, committed, mishaps, takeOvers, failOvers, returns, alarm);
    }

    Outside withMishaps(int number) {
        return new Outside(orders, writes, committed, number, takeOvers, failOvers, returns, alarm);
    }

    Outside withTakeOvers(int number) {
        return new Outside(orders, writes, committed, mishaps, number, failOvers, returns, alarm);
    }

    Outside withFailOvers(int number) {
        return new Outside(orders, writes, committed, mishaps, takeOvers, number, returns, alarm);
    }

    Outside goneForGood() {
        return new Outside(orders, writes, committed, mishaps, takeOvers, failOvers, false, alarm);
    }

    Outside afterOrder() {
        return new Outside(orders - 1, writes, committed, mishaps, takeOvers, failOvers, returns, alarm);
    }

    Outside afterCommit() {
        return new Outside(orders, writes, committed + 1, mishaps, takeOvers, failOvers, returns, alarm);
    }

    Outside with(Alarm raised) {
        return new Outside(orders, writes, committed, mishaps, takeOvers, failOvers, returns, raised);
    }
}
