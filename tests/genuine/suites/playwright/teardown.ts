export default async () => {
  throw new Error('the test data could not be deleted');
};
