/** How many times as much the tests try as in the short programme: `TEST_EFFORT=20 npm test`. */
export const effort = Number(process.env.TEST_EFFORT ?? 1);
