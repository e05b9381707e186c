package io.viridian.cutover;

/** One step of a switch. Stateless between attempts; what an attempt holds lies in its {@link Crossing}. */
interface Step {
    /**
     * Does the step. From COMMIT on doing it twice is safe.
     *
     * @throws io.viridian.fault.FaultException when the world failed and the step surely did not happen
     */
    void perform(Crossing crossing) throws InterruptedException;
}
