console.log('nn-mlp: not written yet');
